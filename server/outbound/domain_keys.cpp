#include "server/outbound/domain_keys.hpp"

#include "storage/errc.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace hauspost::outbound {
namespace {

constexpr dkim::key_type key_types[] = {dkim::key_type::rsa, dkim::key_type::ed25519};

std::int64_t seconds_of(std::chrono::seconds length) {
    return length.count();
}

std::string keys_prefix(const std::string& domain) {
    return "dkim/" + domain + "/";
}

/// Appends those of one kind, oldest first.
void judge_kind(std::vector<domain_key>& out, std::vector<domain_key> kind, std::int64_t now) {
    const auto signs_from = [](const domain_key& one) {
        return one.created_at + seconds_of(domain_keys::publish_time);
    };
    std::size_t signing = 0;
    for (std::size_t i = 1; i < kind.size(); ++i)
        if (signs_from(kind[i]) <= now) signing = i;
    for (std::size_t i = 0; i < kind.size(); ++i) {
        kind[i].use = i < signing    ? key_use::retiring
                      : i == signing ? key_use::signing
                                     : key_use::waiting;
        const bool has_retired =
            i < signing && signs_from(kind[i + 1]) + seconds_of(domain_keys::retire_time) <= now;
        if (!has_retired) out.push_back(std::move(kind[i]));
    }
}

}  // namespace

std::string published_text(const domain_key& one) {
    return dkim::in_zone_file(one.key->record_text());
}

std::vector<domain_key> judged_keys(std::vector<domain_key> all, std::int64_t now) {
    std::ranges::sort(all, {}, [](const domain_key& one) {
        return std::tuple(one.created_at, std::string_view(one.selector));
    });
    std::vector<domain_key> judged;
    for (const auto type : key_types) {
        std::vector<domain_key> kind;
        std::ranges::copy_if(all, std::back_inserter(kind),
                             [type](const domain_key& one) { return one.key->type() == type; });
        judge_kind(judged, std::move(kind), now);
    }
    return judged;
}

std::string new_selector(dkim::key_type type,
                         std::int64_t now,
                         const std::vector<domain_key>& taken) {
    using namespace std::chrono;
    const year_month_day day(floor<days>(sys_seconds(seconds(now))));
    const auto two_digits = [](unsigned number) {
        return std::string{static_cast<char>('0' + number / 10 % 10),
                           static_cast<char>('0' + number % 10)};
    };
    const auto base = "h" + two_digits(static_cast<unsigned>(static_cast<int>(day.year())) % 100) +
                      two_digits(static_cast<unsigned>(day.month())) +
                      (type == dkim::key_type::rsa ? "r" : "e");
    auto name = base;
    for (int n = 2; std::ranges::find(taken, name, &domain_key::selector) != taken.end(); ++n)
        name = base + std::to_string(n);
    return name;
}

std::int64_t domain_keys::now() const {
    return std::chrono::system_clock::to_time_t(time_.now());
}

std::shared_ptr<const dkim::private_key> domain_keys::parsed(const storage::named_secret& row) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = parsed_.find(row.name);
        if (known != parsed_.end() && known->second.version == row.version)
            return known->second.key;
    }
    auto read = dkim::private_key::from_der(row.octets.reveal());
    if (!read) throw storage::fault("the key " + row.name + " cannot be read");
    auto key = std::make_shared<const dkim::private_key>(std::move(*read));
    const std::lock_guard lock(mutex_);
    if (parsed_.size() >= max_remembered) parsed_.clear();
    parsed_[row.name] = {row.version, key};
    return key;
}

/// All that are in the store.
awaitable<std::vector<domain_key>> domain_keys::read(std::string domain) {
    const auto prefix = keys_prefix(domain);
    const auto rows = co_await secrets_.list(prefix);
    std::vector<domain_key> all;
    for (const auto& row : rows) {
        domain_key one;
        one.selector = row.name.substr(prefix.size());
        one.created_at = row.created_at;
        one.key = parsed(row);
        all.push_back(std::move(one));
    }
    co_return all;
}

awaitable<std::vector<domain_key>> domain_keys::find(std::string domain) {
    auto all = co_await read(std::move(domain));
    co_return judged_keys(std::move(all), now());
}

awaitable<error_code> domain_keys::add(std::string domain, dkim::key_type type) {
    const auto taken = co_await read(domain);
    auto work = [this, type] { return make_(type); };
    const auto made = co_await workers_.run(std::move(work));
    if (!made) co_return make_error_code(storage::errc::busy);
    auto name = keys_prefix(domain) + new_selector(type, now(), taken);
    auto octets = made->to_der();
    const auto failed = co_await secrets_.put(std::move(name), std::move(octets), 0);
    // Somebody else has just made one of that name.
    if (failed == storage::errc::changed_meanwhile) co_return error_code();
    co_return failed;
}

awaitable<error_code> domain_keys::ensure(std::string domain) {
    const auto there = co_await read(domain);
    for (const auto type : key_types) {
        const auto is_of_type = [type](const domain_key& one) { return one.key->type() == type; };
        if (std::ranges::any_of(there, is_of_type)) continue;
        if (const auto failed = co_await add(domain, type)) co_return failed;
    }
    co_return error_code();
}

awaitable<error_code> domain_keys::rotate(std::string domain) {
    const auto all = co_await read(domain);
    const auto used = judged_keys(all, now());
    for (const auto type : key_types) {
        const auto waits = [type](const domain_key& one) {
            return one.key->type() == type && one.use == key_use::waiting;
        };
        if (std::ranges::any_of(used, waits)) continue;
        if (const auto failed = co_await add(domain, type)) co_return failed;
    }
    for (const auto& one : all) {
        if (std::ranges::find(used, one.selector, &domain_key::selector) != used.end()) continue;
        auto name = keys_prefix(domain) + one.selector;
        if (const auto failed = co_await secrets_.remove(std::move(name))) co_return failed;
    }
    co_return error_code();
}

}  // namespace hauspost::outbound
