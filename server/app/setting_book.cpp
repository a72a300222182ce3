#include "server/app/setting_book.hpp"

#include "base/log.hpp"
#include "server/config/config_checks.hpp"
#include "server/config/config_items.hpp"
#include "server/config/item_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace hauspost::server {
namespace {

using admin::known_setting;
using admin::refusal_code;

constexpr std::string_view never_banned = "accounts.never_banned";
constexpr std::string_view owner_mailbox = "delivery.owner_mailbox";

const config_item* find_item(const std::vector<config_item>& items, std::string_view name) {
    const auto found = std::find_if(items.begin(), items.end(), [name](const auto& one) {
        return one.is_owners && full_name(one) == name;
    });
    return found == items.end() ? nullptr : &*found;
}

known_setting::kind kind_of(item_kind kind) {
    switch (kind) {
    case item_kind::flag: return known_setting::kind::flag;
    case item_kind::count: return known_setting::kind::count;
    case item_kind::octets: return known_setting::kind::octets;
    case item_kind::time: return known_setting::kind::time;
    case item_kind::text:
    case item_kind::addresses: break;
    }
    return known_setting::kind::text;
}

std::uint64_t number_of(const config_item& item) {
    switch (item.kind) {
    case item_kind::flag: return item.flag() ? 1 : 0;
    case item_kind::text:
    case item_kind::addresses: return 0;
    default: return item.number();
    }
}

admin::refusal refusal_of(text_fault fault, const config_item& item) {
    auto made = admin::refuse(refusal_code::setting_too_long, full_name(item));
    switch (fault) {
    case text_fault::no_count: made.code = refusal_code::setting_no_count; break;
    case text_fault::no_size: made.code = refusal_code::setting_no_size; break;
    case text_fault::no_time: made.code = refusal_code::setting_no_time; break;
    case text_fault::no_flag: made.code = refusal_code::setting_no_flag; break;
    case text_fault::none_of_words:
        made.code = refusal_code::setting_none_of_words;
        for (const auto word : item.words)
            made.other += (made.other.empty() ? "" : ", ") + std::string(word);
        break;
    case text_fault::out_of_range:
        made.code = refusal_code::setting_out_of_range;
        made.other = (item.zero_is_off ? "0, " : "") + text_of(item.kind, item.least) + " - " +
                     text_of(item.kind, item.most);
        break;
    case text_fault::too_long:
    case text_fault::none: break;
    }
    return made;
}

}  // namespace

setting_book::setting_book(loaded_config file, std::vector<storage::setting> rows)
    : file_(std::move(file)), rows_(std::move(rows)) {
    lay_over();
    in_force_ = values_;
}

void setting_book::set_file(loaded_config file) {
    file_ = std::move(file);
    lay_over();
}

/// One after the other, so that one that goes with the file no more leaves the others in force.
void setting_book::lay_over() {
    loaded_config made;
    made.values = file_.values;
    for (const auto& row : rows_) {
        if (file_.places.contains(row.name)) continue;
        auto tried = made;
        const auto items = config_items(tried.values);
        const auto* item = find_item(items, row.name);
        auto fault = item == nullptr ? text_fault::none_of_words : set_from_text(*item, row.value);
        if (fault == text_fault::none) check_values(tried);
        if (fault == text_fault::none && tried.faults.empty())
            made.values = std::move(tried.values);
        else
            log::warn("setting_left_out name={} value={} what={}", log_safe(row.name),
                      log_safe(row.value),
                      tried.faults.empty() ? "unknown_or_out_of_range"
                                           : log_safe(tried.faults.front().what, 400));
    }
    values_ = std::move(made.values);
}

std::vector<known_setting> setting_book::list() const {
    auto values = values_;
    auto running = in_force_;
    config usual;
    const auto items = config_items(values);
    const auto in_force = config_items(running);
    const auto defaults = config_items(usual);
    std::vector<known_setting> all;
    for (std::size_t n = 0; n < items.size(); ++n) {
        const auto& item = items[n];
        if (!item.is_owners) continue;
        auto& made = all.emplace_back();
        made.name = full_name(item);
        made.of = kind_of(item.kind);
        made.value = text_of(item);
        made.number = number_of(item);
        made.usual = text_of(defaults[n]);
        const auto place = file_.places.find(made.name);
        if (place != file_.places.end()) {
            made.from = known_setting::source::by_file;
            made.line = place->second.line;
        } else if (std::any_of(rows_.begin(), rows_.end(),
                               [&made](const auto& row) { return row.name == made.name; })) {
            made.from = known_setting::source::by_owner;
        }
        made.least = item.least;
        made.most = item.most;
        made.zero_is_off = item.zero_is_off;
        made.words.assign(item.words.begin(), item.words.end());
        made.is_at_once = item.reloads;
        made.waits = !item.has_value_of(in_force[n]);
        made.in_force = text_of(in_force[n]);
    }
    return all;
}

admin::outcome<std::string> setting_book::judge(const std::string& name,
                                                const std::string& typed) const {
    loaded_config tried;
    tried.values = values_;
    const auto items = config_items(tried.values);
    const auto* item = find_item(items, name);
    if (item == nullptr) return admin::refuse(refusal_code::no_such_setting, name);
    const auto fault = set_from_text(*item, typed);
    if (fault != text_fault::none) return refusal_of(fault, *item);
    check_values(tried);
    if (!tried.faults.empty() && name == owner_mailbox)
        return admin::refuse(refusal_code::not_an_address, typed);
    if (!tried.faults.empty() && name == never_banned)
        return admin::refuse(refusal_code::not_networks, typed);
    if (!tried.faults.empty())
        return admin::refuse(refusal_code::setting_clash, name, tried.faults.front().what);
    return text_of(*item);
}

void setting_book::take_up(std::vector<storage::setting> rows) {
    rows_ = std::move(rows);
    lay_over();
    in_force_ = put_ ? put_(values_) : values_;  // without a server the next start has it
}

std::vector<storage::setting> read_settings(const storage::ports& store) {
    asio::io_context alone(1);
    std::vector<storage::setting> found;
    std::exception_ptr fault;
    asio::co_spawn(alone, store.settings.list(),
                   [&](std::exception_ptr what, std::vector<storage::setting> rows) {
                       fault = what;
                       found = std::move(rows);
                   });
    alone.run();
    if (fault) std::rethrow_exception(fault);
    return found;
}

}  // namespace hauspost::server
