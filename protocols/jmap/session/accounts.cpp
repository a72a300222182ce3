#include "protocols/jmap/session/accounts.hpp"

#include "mail/object_id.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <span>
#include <unordered_map>
#include <utility>

namespace hauspost::jmap {
namespace {

constexpr std::size_t boxes_of_slice = 128;  // some 0.3 ms

std::string id_of(account_id account) {
    std::string id;
    mail::append_account_object_id(id, account);
    return id;
}

visible_account make_account(account_id number, std::string_view name, bool is_own) {
    visible_account made;
    made.number = number;
    made.id = id_of(number);
    made.name = name;
    made.is_own = is_own;
    return made;
}

void add_box(visible_account& to, storage::mailbox_info info, mail::rights_set rights) {
    auto& made = to.boxes.emplace_back();
    mail::append_mailbox_object_id(made.id, to.number, info.id);
    made.rights = rights;
    made.info = std::move(info);
}

/// Once all boxes are there.
void find_parents(visible_account& of) {
    std::unordered_map<std::string_view, const visible_box*> by_name;
    for (const auto& box : of.boxes)
        by_name.emplace(box.info.name, &box);
    for (auto& box : of.boxes) {
        const std::string_view name = box.info.name;
        const auto slash = name.rfind('/');
        const auto above = slash == name.npos ? by_name.end() : by_name.find(name.substr(0, slash));
        if (above != by_name.end()) box.parent = above->second->id;
        box.name = above == by_name.end() ? name : name.substr(slash + 1);
    }
}

awaitable<error_code> list_own(const session_ports& ports, visible_account& into) {
    const auto names = co_await ports.mail.names(into.number);
    if (!names) co_return names.error();
    std::span<const storage::named_mailbox> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), boxes_of_slice));
        auto some = co_await ports.mail.describe(into.number, slice);
        if (!some) co_return some.error();
        for (auto& info : *some)
            add_box(into, std::move(info), mail::rights::all);
        rest = rest.subspan(slice.size());
        if (!rest.empty()) co_await asio::post(asio::use_awaitable);
    }
    co_return error_code();
}

awaitable<error_code> list_shared(const session_ports& ports,
                                  account_id viewer,
                                  std::vector<visible_account>& all) {
    const auto names = co_await ports.sharing.shared_names(viewer);
    if (!names) co_return names.error();
    std::span<const storage::named_share> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), boxes_of_slice));
        auto some = co_await ports.sharing.describe_shared(viewer, slice);
        if (!some) co_return some.error();
        for (auto& one : *some) {
            if ((one.rights & mail::rights::lookup) == 0) continue;
            if (all.back().is_own || all.back().number != one.owner)
                all.push_back(make_account(one.owner, one.owner_address, false));
            // RFC 6154 2: uses are a user's own.
            one.info.use = mail::special_use::none;
            add_box(all.back(), std::move(one.info), one.rights);
        }
        rest = rest.subspan(slice.size());
        if (!rest.empty()) co_await asio::post(asio::use_awaitable);
    }
    co_return error_code();
}

}  // namespace

const visible_box* visible_account::find(std::string_view wanted) const noexcept {
    const auto found = std::find_if(boxes.begin(), boxes.end(),
                                    [&](const visible_box& box) { return box.id == wanted; });
    return found == boxes.end() ? nullptr : &*found;
}

std::vector<storage::mailbox_info> visible_account::readable() const {
    std::vector<storage::mailbox_info> all;
    for (const auto& box : boxes)
        if (box.may(mail::rights::read) && box.info.selectable) all.push_back(box.info);
    return all;
}

awaitable<result<std::vector<visible_account>>> list_accounts(const session_ports& ports,
                                                              const sasl::identity& user) {
    std::vector<visible_account> all;
    all.push_back(make_account(user.account, user.address, true));
    auto own = list_own(ports, all.front());
    if (const auto refused = co_await std::move(own)) co_return refused;
    auto shared = list_shared(ports, user.account, all);
    if (const auto refused = co_await std::move(shared)) co_return refused;
    for (auto& one : all)
        find_parents(one);
    co_return all;
}

}  // namespace hauspost::jmap
