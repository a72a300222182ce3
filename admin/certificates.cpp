#include "admin/certificates.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::int64_t day_seconds = 24 * 3600;

std::vector<certificate_problem> problems_of(const seen_certificate& one, std::int64_t now) {
    using problem = certificate_problem;
    std::vector<problem> found;
    const auto left = one.ends_at - now;
    if (left <= 0) found.push_back(problem::expired);
    if (one.begins_at > now) found.push_back(problem::not_yet);
    const bool ends_this_week = left > 0 && left < 7 * day_seconds;
    if (ends_this_week) found.push_back(problem::ends_this_week);
    if (!one.fits_host) found.push_back(problem::wrong_name);
    if (!ends_this_week && left > 0 && left < 21 * day_seconds) found.push_back(problem::ends_soon);
    if (one.is_file_another) found.push_back(problem::file_is_another);
    if (one.is_self_signed)
        found.push_back(problem::self_signed);
    else if (one.intermediates == 0)
        found.push_back(problem::no_chain);
    return found;
}

certificate_list list_now(ports& at) {
    const auto now = std::chrono::system_clock::to_time_t(at.time.now());
    certificate_list made;
    made.hostname = at.published.hostname;
    made.listeners = at.certificates.listeners();
    for (auto& one : at.certificates.certificates()) {
        auto& listed = made.certificates.emplace_back();
        listed.problems = problems_of(one, now);
        listed.seen = std::move(one);
    }
    return made;
}

}  // namespace

awaitable<certificate_list> list_certificates(ports& at) {
    co_return list_now(at);
}

awaitable<outcome<certificate_list>> reload_certificates(ports& at) {
    const auto faults = at.certificates.reload();
    if (!faults) co_return refuse(refusal_code::not_running);
    if (!faults->empty()) co_return refuse(refusal_code::certificate_unusable, {}, faults->front());
    co_return list_now(at);
}

}  // namespace hauspost::admin
