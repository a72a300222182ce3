#pragma once

#include "certs/certificate.hpp"
#include "tests/support/tmp_dir.hpp"

#include <chrono>
#include <string>

namespace hauspost::test {

/// A certificate authority of a test, with a folder of its own. Throws std::runtime_error.
class test_ca {
public:
    explicit test_ca(const std::string& name = "Another Root");

    /// A certificate for one host, with the authority's own behind it in the file.
    /// from, until  from now
    [[nodiscard]] certs::certificate_files issue(const std::string& host,
                                                 std::chrono::hours from = std::chrono::hours(-1),
                                                 std::chrono::hours until = std::chrono::hours(24));

    /// What a client is given that trusts this authority.
    [[nodiscard]] std::filesystem::path root_file() const { return dir_ / "root.pem"; }
    /// SHA-256 of the authority's certificate, as a TLSA record "2 0 1" has it.
    [[nodiscard]] std::string root_digest() const;

private:
    tmp_dir dir_;
    int issued_ = 0;
    certs::key_ptr key_;
    certs::x509_ptr root_;
};

/// SHA-256 of the public key of the first certificate in a file: TLSA "3 1 1".
[[nodiscard]] std::string key_digest(const certs::certificate_files& files);

}  // namespace hauspost::test
