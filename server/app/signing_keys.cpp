#include "server/app/signing_keys.hpp"

#include "base/log.hpp"

#include <exception>
#include <utility>

namespace hauspost::server {

awaitable<error_code> signing_keys::ensure(std::string domain) {
    co_return co_await keys_.ensure(std::move(domain));
}

awaitable<error_code> signing_keys::rotate(std::string domain) {
    co_return co_await keys_.rotate(std::move(domain));
}

awaitable<std::vector<admin::published_key>> signing_keys::published(std::string domain) {
    std::vector<admin::published_key> all;
    const auto found = co_await keys_.find(std::move(domain));
    for (const auto& one : found) {
        admin::published_key key;
        key.selector = one.selector;
        key.record = outbound::published_text(one);
        all.push_back(std::move(key));
    }
    co_return all;
}

awaitable<void> ensure_all_keys(storage::directory_store& directory, outbound::domain_keys& keys) {
    const auto all = co_await directory.list_domains();
    for (const auto& one : all) {
        try {
            const auto failed = co_await keys.ensure(one.name);
            if (!failed) continue;
            log::warn("keys domain={} reason={}", log_safe(one.name), log_safe(failed.message()));
            co_return;  // what stands in its way stands in the way of all
        } catch (const std::exception& fault) {
            log::error("keys domain={} what={}", log_safe(one.name), log_safe(fault.what()));
        }
    }
}

}  // namespace hauspost::server
