#include "admin/api/ban_results.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <utility>

namespace hauspost::admin::api {
namespace {

using storage::ban_kind;

const char* word_of(ban_kind what) {
    switch (what) {
    case ban_kind::network: return "network";
    case ban_kind::account: return "account";
    case ban_kind::pair: return "pair";
    case ban_kind::ordered: return "ordered";
    case ban_kind::owner_network: return "owner_network";
    case ban_kind::owner_account: return "owner_account";
    case ban_kind::owner_pair: return "owner_pair";
    case ban_kind::owner_pause: break;
    }
    return "owner_pause";
}

std::string why_of(const storage::ban& row) {
    const auto passwords = std::to_string(row.passwords) + " different wrong passwords";
    switch (row.name.of) {
    case ban_kind::network: return passwords + " from there";
    case ban_kind::account: return passwords + " from networks that it was never used from";
    case ban_kind::pair: return passwords + " in a network that it is used from";
    case ban_kind::ordered: return "an administrator wants it";
    case ban_kind::owner_network: return passwords + " at the owner's page";
    case ban_kind::owner_account:
        return passwords + " at the owner's page, from networks that he never signed in from";
    case ban_kind::owner_pair:
        return passwords + " at the owner's page, in a network that he signs in from";
    case ban_kind::owner_pause: break;
    }
    return std::to_string(row.passwords) + " wrong tries at the owner's page";
}

json::object ban_json(const listed_ban& one) {
    const auto& row = one.row;
    json::object object;
    object["kind"] = word_of(row.name.of);
    object["network"] = row.name.network;
    object["account"] = row.name.account;
    object["why"] = why_of(row);
    object["passwords"] = row.passwords;
    object["times"] = row.times;
    object["begun_at"] = row.begun_at;
    object["ends_at"] = row.ends_at;
    json::array tried;
    for (const auto& name : row.tried)
        tried.emplace_back(name);
    object["tried"] = std::move(tried);
    object["own"] = one.is_own;
    return object;
}

}  // namespace

json::object bans_json(const page<listed_ban>& list, const places&) {
    json::array all;
    for (const auto& one : list.entries)
        all.push_back(ban_json(one));
    json::object object;
    object["bans"] = std::move(all);
    return object;
}

json::object lifted_json(const lifted_bans& done, const places&) {
    json::object object;
    object["name"] = done.name;
    object["bans"] = done.bans;
    return object;
}

json::object made_ban_json(const storage::ban& made, const places&) {
    json::object object;
    object["name"] = made.name.network;
    object["ends_at"] = made.ends_at;
    return object;
}

}  // namespace hauspost::admin::api
