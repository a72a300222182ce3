#include "admin/commands.hpp"

#include "admin/accounts.hpp"
#include "admin/aliases.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_depth = 8;

/// Takes arguments out of a request; after use `missing()` names the first that was not there.
class arguments {
public:
    explicit arguments(const json::object& request) : request_(request) {}

    std::string text(const char* key) {
        const auto* value = request_.if_contains(key);
        const auto* text = value != nullptr ? value->if_string() : nullptr;
        if (text != nullptr) return std::string(*text);
        miss(key);
        return {};
    }
    std::string text_or_empty(const char* key) {
        return request_.contains(key) ? text(key) : std::string();
    }
    std::optional<std::string> text_or_none(const char* key) {
        if (!request_.contains(key)) return std::nullopt;
        return text(key);
    }
    std::uint64_t number(const char* key) {
        const auto given = number_or_none(key);
        if (!given) miss(key);
        return given.value_or(0);
    }
    std::optional<secret> password() {
        if (!request_.contains("password")) return std::nullopt;
        return secret(text("password"));
    }
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> list;
        const auto* value = request_.if_contains(key);
        const auto* array = value != nullptr ? value->if_array() : nullptr;
        if (array == nullptr) {
            miss(key);
            return list;
        }
        for (const auto& one : *array)
            if (const auto* text = one.if_string())
                list.emplace_back(*text);
            else
                miss(key);
        return list;
    }
    std::vector<std::string> texts_or_none(const char* key) {
        return request_.contains(key) ? texts(key) : std::vector<std::string>();
    }
    bool yes(const char* key) {
        const auto* value = request_.if_contains(key);
        const auto* flag = value != nullptr ? value->if_bool() : nullptr;
        if (flag == nullptr) miss(key);
        return flag != nullptr && *flag;
    }
    std::optional<std::uint64_t> number_or_none(const char* key) {
        const auto* value = request_.if_contains(key);
        if (value == nullptr) return std::nullopt;
        if (const auto* number = value->if_int64(); number != nullptr && *number >= 0)
            return static_cast<std::uint64_t>(*number);
        if (const auto* number = value->if_uint64()) return *number;
        miss(key);
        return std::nullopt;
    }
    [[nodiscard]] const std::string& missing() const noexcept { return missing_; }

private:
    void miss(const char* key) {
        if (missing_.empty()) missing_ = key;
    }
    const json::object& request_;
    std::string missing_;
};

// A handler takes its arguments out and then makes the operation, which has not begun when it is
// returned: a missing argument keeps it from being run at all.
using handler = awaitable<answer> (*)(ports&, arguments&);

awaitable<answer> account_add(ports& house, arguments& given) {
    new_account wanted;
    wanted.address = given.text("address");
    wanted.password = given.password();
    wanted.display_name = given.text_or_empty("display_name");
    wanted.note = given.text_or_empty("note");
    wanted.quota_octets = given.number_or_none("quota_octets");
    return add_account(house, std::move(wanted));
}
awaitable<answer> account_remove(ports& house, arguments& given) {
    return remove_account(house, given.text("address"));
}
awaitable<answer> account_rename(ports& house, arguments& given) {
    auto address = given.text("address");
    auto new_address = given.text("new_address");
    return rename_account(house, std::move(address), std::move(new_address),
                          given.yes("keep_alias"));
}
awaitable<answer> account_purge(ports& house, arguments& given) {
    return purge_expunged(house, given.text("address"));
}
awaitable<answer> account_restore(ports& house, arguments& given) {
    auto address = given.text("address");
    return restore_expunged(house, std::move(address), given.number_or_none("within_seconds"));
}
awaitable<answer> account_password(ports& house, arguments& given) {
    auto address = given.text("address");
    return set_password(house, std::move(address), given.password());
}
awaitable<answer> account_show(ports& house, arguments& given) {
    return show_account(house, given.text("address"));
}
awaitable<answer> account_set(ports& house, arguments& given) {
    about_account wanted;
    wanted.display_name = given.text_or_none("display_name");
    wanted.note = given.text_or_none("note");
    wanted.quota_octets = given.number_or_none("quota_octets");
    return set_about(house, given.text("address"), std::move(wanted));
}
awaitable<answer> account_enable(ports& house, arguments& given) {
    return set_active(house, given.text("address"), true);
}
awaitable<answer> account_disable(ports& house, arguments& given) {
    return set_active(house, given.text("address"), false);
}
awaitable<answer> account_list(ports& house, arguments& given) {
    auto after = given.text_or_empty("after");
    return list_accounts(house, std::move(after), given.text_or_empty("filter"));
}
awaitable<answer> alias_add(ports& house, arguments& given) {
    auto address = given.text("address");
    return add_alias(house, std::move(address), given.texts("targets"));
}
awaitable<answer> alias_remove(ports& house, arguments& given) {
    auto address = given.text("address");
    return remove_alias(house, std::move(address), given.texts_or_none("targets"));
}
awaitable<answer> alias_enable(ports& house, arguments& given) {
    return set_alias_enabled(house, given.text("address"), true);
}
awaitable<answer> alias_disable(ports& house, arguments& given) {
    return set_alias_enabled(house, given.text("address"), false);
}
awaitable<answer> alias_list(ports& house, arguments& given) {
    auto after = given.text_or_empty("after");
    return list_aliases(house, std::move(after), given.text_or_empty("filter"));
}
awaitable<answer> forward_set(ports& house, arguments& given) {
    auto address = given.text("address");
    auto targets = given.texts("targets");
    return set_forward(house, std::move(address), std::move(targets), given.yes("keep_copy"));
}
awaitable<answer> forward_clear(ports& house, arguments& given) {
    return clear_forward(house, given.text("address"));
}
awaitable<answer> forward_list(ports& house, arguments& given) {
    auto after = given.text_or_empty("after");
    return list_forwards(house, std::move(after), given.text_or_empty("filter"));
}
awaitable<answer> domain_add(ports& house, arguments& given) {
    return add_domain(house, given.text("name"));
}
awaitable<answer> domain_remove(ports& house, arguments& given) {
    return remove_domain(house, given.text("name"));
}
awaitable<answer> domain_list(ports& house, arguments& given) {
    return list_domains(house, given.text_or_empty("filter"));
}
awaitable<answer> catchall_set(ports& house, arguments& given) {
    auto name = given.text("name");
    return set_catchall(house, std::move(name), given.text("target"));
}
awaitable<answer> catchall_clear(ports& house, arguments& given) {
    return clear_catchall(house, given.text("name"));
}
awaitable<answer> queue_list(ports& house, arguments& given) {
    return list_queue(house, given.text_or_empty("filter"));
}
awaitable<answer> queue_show(ports& house, arguments& given) {
    return show_queued(house, given.number("id"));
}
awaitable<answer> queue_remove(ports& house, arguments& given) {
    return remove_queued(house, given.number("id"));
}

constexpr std::array<std::pair<std::string_view, handler>, 27> handlers{{
    {"account add", account_add},         {"account remove", account_remove},
    {"account rename", account_rename},   {"account purge", account_purge},
    {"account restore", account_restore}, {"account show", account_show},
    {"account set", account_set},         {"account password", account_password},
    {"account enable", account_enable},   {"account disable", account_disable},
    {"account list", account_list},       {"alias add", alias_add},
    {"alias remove", alias_remove},       {"alias list", alias_list},
    {"alias enable", alias_enable},       {"alias disable", alias_disable},
    {"forward set", forward_set},         {"forward clear", forward_clear},
    {"forward list", forward_list},       {"domain add", domain_add},
    {"domain remove", domain_remove},     {"domain list", domain_list},
    {"catchall set", catchall_set},       {"catchall clear", catchall_clear},
    {"queue list", queue_list},           {"queue show", queue_show},
    {"queue remove", queue_remove},
}};

}  // namespace

awaitable<answer> run_command(ports& house, json::object request) {
    arguments given(request);
    const auto name = given.text("command");
    const auto found = std::find_if(handlers.begin(), handlers.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (found == handlers.end())
        co_return refuse(
            "The server does not know this command: it may be an older version than this program.");
    auto operation = found->second(house, given);
    if (!given.missing().empty())
        co_return refuse("\"" + given.missing() + "\" is missing or of a wrong kind.");
    co_return co_await std::move(operation);
}

outcome<json::object> parse_object(std::string_view text) {
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code wrong;
    auto value = json::parse(json::string_view(text.data(), text.size()), wrong, {}, options);
    if (wrong || !value.is_object()) return refuse("This is not a JSON object.");
    return std::move(value.get_object());
}

}  // namespace hauspost::admin
