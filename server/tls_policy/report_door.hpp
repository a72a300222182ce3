#pragma once

#include "base/awaitable.hpp"
#include "protocols/tls_report/record.hpp"

#include <string>

namespace hauspost::tls_policy {

/// The port by which a report goes to an https: place. Implemented by https_reports, and by tests.
class report_door {
public:
    virtual ~report_door() = default;

    /// gzipped  the report, as tls_report::gzipped makes it
    /// Returns  "" when it was taken; else why not, one line for the log. Only after a time that is
    ///          bounded
    /// Thread   that of who sends
    /// RFC      8460 5.4
    virtual awaitable<std::string> hand_over(tls_report::https_place to, std::string gzipped) = 0;
};

}  // namespace hauspost::tls_policy
