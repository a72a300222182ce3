#include "server/app/certificate_view.hpp"

#include "base/ascii.hpp"
#include "base/log.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/self_signed.hpp"

#include <chrono>
#include <utility>

namespace hauspost::server {
namespace {

certs::certificate_files own_files_of(const config& c) {
    return certs::self_signed_files(std::filesystem::path(c.data_dir) / "tls");
}

/// Whether the files hold another one than that which is in use.
bool is_file_another(const certs::certificate& in_use) {
    try {
        const auto there = certs::read_certificate(in_use.files);
        return certs::fingerprint(there) != certs::fingerprint(in_use);
    } catch (const certs::certificate_error&) {
        return true;
    }
}

}  // namespace

certs::certificate_files certificate_files_of(const config& c) {
    if (!c.tls.certificate.empty()) return {c.tls.certificate, c.tls.private_key};
    return own_files_of(c);
}

certificate_view::certificate_view(const config& c)
    : files_(certificate_files_of(c)),
      made_here_(own_files_of(c).certificate),
      host_(ascii::lowered(hostname_of(c))) {
    for (const auto& [role, places] : c.listen.all) {
        if (role->tls == tls_start::never || places.empty()) continue;
        auto& made = listeners_.emplace_back();
        made.role = role->name;
        made.port = places.front().port;
        made.is_from_first_octet = role->tls == tls_start::at_once;
    }
}

void certificate_view::show(const certs::cert_store& in_use,
                            std::function<std::vector<std::string>()> reload) {
    in_use_ = &in_use;
    reload_ = std::move(reload);
}

std::vector<admin::seen_certificate> certificate_view::certificates() const {
    std::vector<admin::seen_certificate> all;
    if (in_use_ != nullptr) {
        for (const auto& one : in_use_->all()) {
            all.push_back(seen(*one));
            all.back().is_file_another = is_file_another(*one);
        }
        return all;
    }
    try {
        all.push_back(seen(certs::read_certificate(files_)));
    } catch (const certs::certificate_error& wrong) {
        log::warn("certificate what={}", log_safe(wrong.what(), 400));
    }
    return all;
}

std::optional<std::vector<std::string>> certificate_view::reload() {
    if (!reload_) return std::nullopt;
    return reload_();
}

admin::seen_certificate certificate_view::seen(const certs::certificate& one) const {
    admin::seen_certificate made;
    made.names = one.names;
    made.subject = one.subject;
    made.issuer = certs::issuer_of(one);
    made.key = certs::key_kind(one);
    made.fingerprint = certs::fingerprint(one);
    made.file = one.files.certificate.string();
    made.begins_at = std::chrono::system_clock::to_time_t(one.not_before);
    made.ends_at = std::chrono::system_clock::to_time_t(one.not_after);
    made.intermediates = certs::intermediates_of(one);
    made.is_self_signed = certs::is_self_signed(one);
    made.is_made_here = one.files.certificate == made_here_;
    made.fits_host = one.has_name(host_) || one.matches_wildcard(host_);
    return made;
}

}  // namespace hauspost::server
