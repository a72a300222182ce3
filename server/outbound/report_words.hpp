#pragma once

#include "server/outbound/delivery_report.hpp"

#include <string>

namespace hauspost::outbound {

/// The human part of a report: UTF-8, CRLF, whatever words of strangers quoted (report_text.hpp).
[[nodiscard]] std::string human_text(const reported_message& message,
                                     const std::vector<reported_recipient>& recipients,
                                     const report_terms& terms);

/// Its Subject: one line of UTF-8, with the message's own behind it.
[[nodiscard]] std::string report_subject(const reported_message& message,
                                         const std::vector<reported_recipient>& recipients,
                                         language speech);

}  // namespace hauspost::outbound
