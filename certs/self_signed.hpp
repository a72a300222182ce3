#pragma once

#include "base/clock.hpp"
#include "certs/certificate.hpp"

#include <filesystem>
#include <string>

namespace hauspost::certs {

/// Where the files of a self-signed certificate are.
[[nodiscard]] certificate_files self_signed_files(const std::filesystem::path& folder);

/// A self-signed certificate (P-256, 825 days, for hostname and localhost) in folder/cert.pem with
/// its key in folder/key.pem. One that is there, fits the host name and holds 30 more days is kept.
/// The folder is made with mode 0700, the files are replaced atomically with mode 0600.
///
/// folder  data_dir/tls
/// Throws  certificate_error when it cannot be written
[[nodiscard]] certificate_files ensure_self_signed(const std::filesystem::path& folder,
                                                   const std::string& hostname,
                                                   const clock& now);

}  // namespace hauspost::certs
