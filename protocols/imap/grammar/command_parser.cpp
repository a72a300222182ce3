#include "protocols/imap/grammar/command_parser.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

template <class Command>
parsed parse_bare(lexer&) {
    return Command{};
}

template <class Command>
parsed parse_one_mailbox(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return std::nullopt;
    return Command{std::move(*mailbox)};
}

parsed parse_authenticate(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::authenticate authenticate;
    authenticate.mechanism = text.word();
    if (authenticate.mechanism.empty()) return text.fail("the SASL mechanism is missing");
    if (!text.accept(' ')) return authenticate;
    authenticate.initial_response = std::string(text.atom());
    if (authenticate.initial_response->empty()) return text.fail("the initial response is missing");
    return authenticate;
}

parsed parse_login(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto user = text.astring();
    if (!user) return text.fail("the user name is missing");
    if (!text.space()) return std::nullopt;
    auto password = text.astring();
    if (!password) return text.fail("the password is missing");
    return cmd::login{std::move(*user), secret(std::move(*password))};
}

parsed parse_enable(lexer& text) {
    cmd::enable enable;
    while (enable.capabilities.empty() || !text.at_end()) {
        if (!text.space()) return std::nullopt;
        auto word = text.word();
        if (word.empty()) return text.fail("a capability is missing");
        if (enable.capabilities.size() == max_enable_words)
            return text.fail(status::no, "LIMIT", "too many capabilities in one ENABLE");
        enable.capabilities.push_back(std::move(word));
    }
    return enable;
}

std::optional<mail::special_use> use_of(std::string_view name) {
    struct entry {
        std::string_view name;
        mail::special_use use;
    };
    static constexpr entry table[] = {
        {"ALL", mail::special_use::all},       {"ARCHIVE", mail::special_use::archive},
        {"DRAFTS", mail::special_use::drafts}, {"FLAGGED", mail::special_use::flagged},
        {"JUNK", mail::special_use::junk},     {"SENT", mail::special_use::sent},
        {"TRASH", mail::special_use::trash}};
    for (const auto& one : table)
        if (one.name == name) return one.use;
    return std::nullopt;
}

/// "(USE (" attributes "))", RFC 6154 6.
bool parse_uses(lexer& text, cmd::create& create) {
    if (!text.accept(' ')) return true;
    if (!text.accept('(') || !text.accept_word("USE (")) {
        text.fail("USE is the only CREATE parameter");
        return false;
    }
    while (!text.accept(')')) {
        if (!text.accept('\\')) {
            text.fail("a special-use attribute begins with a backslash");
            return false;
        }
        const auto use = use_of(text.word());
        if (!use)
            create.has_unknown_use = true;
        else if (std::find(create.uses.begin(), create.uses.end(), *use) == create.uses.end())
            create.uses.push_back(*use);
        if (text.peek() != ')' && !text.space()) return false;
    }
    if (text.accept(')')) return true;
    text.fail("the CREATE parameters do not end");
    return false;
}

parsed parse_create(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return std::nullopt;
    cmd::create create;
    create.mailbox = std::move(*mailbox);
    // RFC 9051 6.3.4: a trailing separator only says that names will be made below.
    if (create.mailbox.ends_with('/')) create.mailbox.pop_back();
    if (!parse_uses(text, create)) return std::nullopt;
    return create;
}

parsed parse_rename(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto from = parse_mailbox(text);
    if (!from || !text.space()) return std::nullopt;
    auto to = parse_mailbox(text);
    if (!to) return std::nullopt;
    return cmd::rename{std::move(*from), std::move(*to)};
}

bool parse_id_pair(lexer& text, cmd::id& id) {
    auto field = text.string();
    if (!field) {
        text.fail("a field name in quotes is expected here");
        return false;
    }
    if (!text.space()) return false;
    auto value = text.nstring();
    if (!value) {
        text.fail("a value in quotes or NIL is expected here");
        return false;
    }
    const bool is_short = field->size() <= max_id_field_octets &&
                          (!*value || (*value)->size() <= max_id_value_octets);
    if (!is_short || id.fields.size() == max_id_pairs) {
        // RFC 2971 3.3 forbids it to the client.
        text.fail("ID takes 30 fields, names of 30 and values of 1024 octets");
        return false;
    }
    id.fields.emplace_back(std::move(*field), std::move(*value));
    return true;
}

parsed parse_id(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::id id;
    if (text.accept_word("NIL")) return id;
    if (!text.accept('(')) return text.fail("NIL or a list is expected here");
    if (text.accept(')')) return id;
    do {
        if (!parse_id_pair(text, id)) return std::nullopt;
    } while (text.accept(' '));
    if (!text.accept(')')) return text.fail("the list of fields does not end");
    return id;
}

template <class Command>
parsed parse_copy(lexer& text, bool by_uid) {
    if (!text.space()) return std::nullopt;
    auto messages = parse_set(text);
    if (!messages || !text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return std::nullopt;
    return Command{by_uid, std::move(*messages), std::move(*mailbox)};
}

/// "UIDBATCHES" SP nz-number [SP nz-number ":" nz-number], RFC 10022.
parsed parse_uid_batches(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::uid_batches batches;
    const auto size = text.number();
    if (!size || *size == 0) return text.fail("the size of a batch is missing or not valid");
    batches.size = *size;
    if (!text.accept(' ')) return batches;
    const auto first = text.number();
    const bool has_colon = first && text.accept(':');
    const auto last = has_colon ? text.number() : std::nullopt;
    if (!last || *first == 0 || *last == 0)
        return text.fail("a range of batches is written first:last");
    batches.first = *first;
    batches.last = *last;
    return batches;
}

parsed parse_lone_append(lexer& text) {
    return text.fail("the message is expected as a literal");
}

parsed parse_uid(lexer& text) {
    if (!text.space()) return std::nullopt;
    const auto name = text.word();
    if (name == "FETCH") return parse_fetch(text, true);
    if (name == "STORE") return parse_store(text, true);
    if (name == "SEARCH") return parse_search(text, true);
    if (name == "SORT") return parse_sort(text, true);
    if (name == "THREAD") return parse_thread(text, true);
    if (name == "COPY") return parse_copy<cmd::copy>(text, true);
    if (name == "MOVE") return parse_copy<cmd::move>(text, true);
    if (name == "REPLACE") return parse_lone_append(text);
    if (name != "EXPUNGE") return text.fail("this UID command is not known");
    if (!text.space()) return std::nullopt;
    auto uids = parse_set(text);
    if (!uids) return std::nullopt;
    return cmd::uid_expunge{std::move(*uids)};
}

/// RFC 4978 5.
parsed parse_compress(lexer& text) {
    if (!text.space()) return std::nullopt;
    if (text.word() != "DEFLATE") return text.fail("DEFLATE is the only compression");
    return cmd::compress{};
}

struct known_command {
    std::string_view name;
    parsed (*parse)(lexer&);
};

constexpr known_command known_commands[] = {
    {"APPEND", parse_lone_append},
    {"AUTHENTICATE", parse_authenticate},
    {"CANCELUPDATE", parse_cancel_update},
    {"CAPABILITY", parse_bare<cmd::capability>},
    {"CHECK", parse_bare<cmd::check>},
    {"CLOSE", parse_bare<cmd::close>},
    {"COMPRESS", parse_compress},
    {"COPY", [](lexer& text) { return parse_copy<cmd::copy>(text, false); }},
    {"CREATE", parse_create},
    {"DELETE", parse_one_mailbox<cmd::remove>},
    {"DELETEACL", parse_delete_acl},
    {"ENABLE", parse_enable},
    {"ESEARCH", parse_esearch},
    {"EXAMINE", [](lexer& text) { return parse_select(text, true); }},
    {"EXPUNGE", parse_bare<cmd::expunge>},
    {"FETCH", [](lexer& text) { return parse_fetch(text, false); }},
    {"GETACL", parse_one_mailbox<cmd::get_acl>},
    {"GETMETADATA", parse_get_metadata},
    {"GETQUOTA", parse_get_quota},
    {"GETQUOTAROOT", parse_get_quota_root},
    {"ID", parse_id},
    {"IDLE", parse_bare<cmd::idle>},
    {"LIST", parse_list},
    {"LISTRIGHTS", parse_list_rights},
    {"LOGIN", parse_login},
    {"LOGOUT", parse_bare<cmd::logout>},
    {"LSUB", parse_lsub},
    {"MOVE", [](lexer& text) { return parse_copy<cmd::move>(text, false); }},
    {"MYRIGHTS", parse_one_mailbox<cmd::my_rights>},
    {"NAMESPACE", parse_bare<cmd::namespaces>},
    {"NOOP", parse_bare<cmd::noop>},
    {"NOTIFY", parse_notify},
    {"RENAME", parse_rename},
    {"REPLACE", parse_lone_append},
    {"SEARCH", [](lexer& text) { return parse_search(text, false); }},
    {"SORT", [](lexer& text) { return parse_sort(text, false); }},
    {"THREAD", [](lexer& text) { return parse_thread(text, false); }},
    {"SELECT", [](lexer& text) { return parse_select(text, false); }},
    {"SETACL", parse_set_acl},
    {"SETMETADATA", parse_set_metadata},
    {"SETQUOTA", parse_set_quota},
    {"STARTTLS", parse_bare<cmd::starttls>},
    {"STATUS", parse_status},
    {"STORE", [](lexer& text) { return parse_store(text, false); }},
    {"SUBSCRIBE", parse_one_mailbox<cmd::subscribe>},
    {"UID", parse_uid},
    {"UIDBATCHES", parse_uid_batches},
    {"UNAUTHENTICATE", parse_bare<cmd::unauthenticate>},
    {"UNSELECT", parse_bare<cmd::unselect>},
    {"UNSUBSCRIBE", parse_one_mailbox<cmd::unsubscribe>},
    {"XLIST", parse_xlist},
};

parsed parse_named(lexer& text, std::string_view name) {
    for (const auto& one : known_commands)
        if (one.name == name) return one.parse(text);
    return text.fail(name.empty() ? "the command is missing" : "this command is not known");
}

}  // namespace

std::optional<std::string> parse_mailbox(lexer& text) {
    const auto wire = text.astring();
    if (!wire) return text.fail("a mailbox name is missing");
    auto name = decode_mailbox(*wire, text.is_utf8());
    if (!name)
        return text.fail(status::no, "CANNOT",
                         text.is_utf8() ? "the mailbox name is not UTF-8"
                                        : "the mailbox name is not modified UTF-7");
    return canonical_mailbox(std::move(*name));
}

std::optional<sequence_set> parse_set(lexer& text) {
    auto set = parse_sequence_set(text.sequence_text());
    if (!set) return text.fail("a set of message numbers is missing or not valid");
    return set;
}

std::string_view tag_of(std::string_view text) noexcept {
    const auto tag = lexer(text.substr(0, max_tag_octets + 1)).tag();
    const bool ends = tag.size() == text.size() || text[tag.size()] == ' ';
    return tag.empty() || tag.size() > max_tag_octets || !ends ? "*" : tag;
}

bool asks_to_save(std::string_view whole) noexcept {
    lexer text(whole);
    text.tag();
    if (!text.accept(' ')) return false;
    text.accept_word("UID ");
    if (!text.accept_word("SEARCH ") && !text.accept_word("SORT ") && !text.accept_word("ESEARCH "))
        return false;
    constexpr std::string_view begin = "RETURN (";
    auto rest = text.rest();
    for (auto at = ascii::find_nocase(rest, begin); at != std::string_view::npos;
         at = ascii::find_nocase(rest, begin)) {
        rest.remove_prefix(at + begin.size());
        // Up to the next parenthesis of any kind, so that no octet is looked at for two options.
        const auto options = rest.substr(0, rest.find_first_of("()"));
        if (ascii::find_nocase(options, "SAVE") != std::string_view::npos) return true;
    }
    return false;
}

std::variant<tagged_command, refusal> parse_command(std::string_view whole,
                                                    bool is_utf8,
                                                    bool no_charset) {
    lexer text(whole, is_utf8, no_charset);
    const auto tag = tag_of(whole);
    text.tag();
    if (tag == "*") {
        text.fail(whole.empty() ? "the line is empty" : "the line does not begin with a tag");
        return text.why(tag);
    }
    if (!text.space()) return text.why(tag);
    auto made = parse_named(text, text.word());
    if (!made || text.failed() || !text.end()) return text.why(tag);
    return tagged_command{std::string(tag), std::move(*made)};
}

}  // namespace hauspost::imap
