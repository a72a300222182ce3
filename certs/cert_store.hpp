#pragma once

#include "base/clock.hpp"
#include "certs/certificate.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::certs {

/// The certificates that the server shows, chosen by the name that the client asks for.
/// Thread: any.
class cert_store {
public:
    /// files   at least one; the first is the default
    /// Throws  certificate_error when one cannot be used. One that is out of its time is taken: a
    ///         server without TLS would be worse; see warnings()
    cert_store(std::vector<certificate_files> files, const clock& now);

    /// Reads all files anew. Handshakes from now on use what could be read; open connections keep
    /// theirs. What cannot be used (half written, key of another certificate, out of its time while
    /// the one in use is not) changes nothing.
    ///
    /// Returns  one text per file that was not taken over; empty: all is new
    std::vector<std::string> reload();

    /// Takes other files instead: all of them, or none when one cannot be used, or is out of its
    /// time while those in use are not.
    ///
    /// Returns  as reload(). Thread: one at a time with reload()
    std::vector<std::string> replace(std::vector<certificate_files> files);

    /// Exact name, else wildcard, else the default. A dot at the end and case do not matter;
    /// nothing is remembered about names that are asked for (A17).
    ///
    /// server_name  SNI as the peer sent it, any octets; empty when it sent none
    [[nodiscard]] std::shared_ptr<const certificate> choose(std::string_view server_name) const;

    /// All in use, the default first: for alarms before they end and for the owner's page.
    [[nodiscard]] std::vector<std::shared_ptr<const certificate>> all() const;
    /// One text per certificate that is expired, or not valid yet.
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    using list = std::vector<std::shared_ptr<const certificate>>;
    [[nodiscard]] std::shared_ptr<const list> current() const;

    std::vector<certificate_files> files_;
    const clock& clock_;
    mutable std::mutex mutex_;  // of the pointer only
    std::shared_ptr<const list> current_;
};

}  // namespace hauspost::certs
