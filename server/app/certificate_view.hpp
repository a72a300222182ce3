#pragma once

#include "admin/certificate_view.hpp"
#include "certs/cert_store.hpp"
#include "server/config/config.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::server {

/// The certificate that the server makes for itself, or the configuration's.
[[nodiscard]] certs::certificate_files certificate_files_of(const config& c);

/// The administrators' way to the certificates: those in use where a server runs, else what stands in
/// the files.
class certificate_view final : public admin::certificate_view {
public:
    explicit certificate_view(const config& c);

    /// From now on those of a server that runs. Both outlive this object's last call.
    /// reload  as admin::certificate_view has it
    void show(const certs::cert_store& in_use, std::function<std::vector<std::string>()> reload);

    [[nodiscard]] std::vector<admin::seen_certificate> certificates() const override;
    [[nodiscard]] std::vector<admin::tls_listener> listeners() const override { return listeners_; }
    std::optional<std::vector<std::string>> reload() override;

private:
    [[nodiscard]] admin::seen_certificate seen(const certs::certificate& one) const;

    const certs::certificate_files files_;
    const std::filesystem::path made_here_;
    const std::string host_;
    std::vector<admin::tls_listener> listeners_;
    const certs::cert_store* in_use_ = nullptr;  // null: no server runs
    std::function<std::vector<std::string>()> reload_;
};

}  // namespace hauspost::server
