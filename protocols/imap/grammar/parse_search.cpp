#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/date_time.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

using kind = query::search_key::kind;

enum class argument : std::uint8_t {
    none,
    keyword,
    date,
    size,
    text,
    header,
    interval,
    object,
    modseq
};

struct key_entry {
    std::string_view name;
    kind what;
    argument takes;
    bool negated = false;
    std::uint32_t flag = 0;
    std::string_view field = {};
};

constexpr key_entry key_table[] = {
    {"ALL", kind::all_of, argument::none},
    {"ANSWERED", kind::flag, argument::none, false, mail::flags::answered},
    {"BCC", kind::addresses_contain, argument::text, false, 0, "bcc"},
    {"BEFORE", kind::before, argument::date},
    {"BODY", kind::body_contains, argument::text},
    {"CC", kind::addresses_contain, argument::text, false, 0, "cc"},
    {"DELETED", kind::flag, argument::none, false, mail::flags::deleted},
    {"DRAFT", kind::flag, argument::none, false, mail::flags::draft},
    {"EMAILID", kind::email_id, argument::object},
    {"FLAGGED", kind::flag, argument::none, false, mail::flags::flagged},
    {"FROM", kind::addresses_contain, argument::text, false, 0, "from"},
    {"HEADER", kind::header_contains, argument::header},
    {"KEYWORD", kind::keyword, argument::keyword},
    {"LARGER", kind::larger, argument::size},
    {"MODSEQ", kind::modseq, argument::modseq},
    {"OLD", kind::recent, argument::none, true},
    {"OLDER", kind::older, argument::interval},
    {"ON", kind::on, argument::date},
    {"RECENT", kind::recent, argument::none},
    {"SAVEDATESUPPORTED", kind::all_of, argument::none},  // RFC 8514 4.3: by all mailboxes
    {"SAVEDBEFORE", kind::saved_before, argument::date},
    {"SAVEDON", kind::saved_on, argument::date},
    {"SAVEDSINCE", kind::saved_since, argument::date},
    {"SEEN", kind::flag, argument::none, false, mail::flags::seen},
    {"SENTBEFORE", kind::sent_before, argument::date},
    {"SENTON", kind::sent_on, argument::date},
    {"SENTSINCE", kind::sent_since, argument::date},
    {"SINCE", kind::since, argument::date},
    {"SMALLER", kind::smaller, argument::size},
    {"SUBJECT", kind::header_contains, argument::text, false, 0, "subject"},
    {"TEXT", kind::text_contains, argument::text},
    {"THREADID", kind::thread_id, argument::object},
    {"TO", kind::addresses_contain, argument::text, false, 0, "to"},
    {"UNANSWERED", kind::flag, argument::none, true, mail::flags::answered},
    {"UNDELETED", kind::flag, argument::none, true, mail::flags::deleted},
    {"UNDRAFT", kind::flag, argument::none, true, mail::flags::draft},
    {"UNFLAGGED", kind::flag, argument::none, true, mail::flags::flagged},
    {"UNKEYWORD", kind::keyword, argument::keyword, true},
    {"UNSEEN", kind::flag, argument::none, true, mail::flags::seen},
    {"YOUNGER", kind::younger, argument::interval},
};

/// Builds the tree in pre-order. Its recursion ends at max_nesting_depth.
class search_builder {
public:
    explicit search_builder(lexer& text) : text_(text) {}

    bool charset() {
        if (!text_.accept_word("CHARSET ")) return true;
        // RFC 9755 3: who has enabled UTF8=ACCEPT speaks nothing else. SORT and THREAD cannot but
        // say so.
        if (text_.no_charset()) {
            text_.fail("no CHARSET after ENABLE UTF8=ACCEPT");
            return false;
        }
        return charset_name();
    }

    bool charset_name() {
        const auto name = text_.astring();
        if (!name) {
            text_.fail("the CHARSET is missing");
            return false;
        }
        if (!message::is_known_charset(*name)) {
            text_.fail(status::no, "BADCHARSET (US-ASCII UTF-8)", "this charset is not known");
            return false;
        }
        charset_ = *name;
        return text_.space();
    }

    /// search-key *(SP search-key): all have to match.
    bool keys(unsigned depth, bool negated) {
        const auto root = open(kind::all_of, negated);
        if (!root) return false;
        do {
            if (!key(depth + 1, false)) return false;
        } while (text_.accept(' '));
        close(*root);
        return true;
    }

    query::search_program take() { return std::move(program_); }

private:
    std::optional<std::size_t> open(kind what, bool negated) {
        if (program_.keys.size() == max_search_keys)
            return text_.fail(status::no, "LIMIT", "too many search keys");
        auto& key = program_.keys.emplace_back();
        key.what = what;
        key.negated = negated;
        return program_.keys.size() - 1;
    }

    void close(std::size_t at) {
        program_.keys[at].length = static_cast<std::uint32_t>(program_.keys.size() - at);
    }

    bool key(unsigned depth, bool negated) {
        if (depth > max_nesting_depth) {
            text_.fail(status::no, "LIMIT", "the search is nested too deeply");
            return false;
        }
        while (text_.accept_word("NOT "))
            negated = !negated;
        if (text_.accept('(')) {
            if (!keys(depth, negated)) return false;
            if (text_.accept(')')) return true;
            text_.fail("a group of search keys does not end");
            return false;
        }
        const char next = text_.peek();
        if (next == '*' || next == '$' || ascii::is_digit(next))
            return set(kind::sequence, negated);
        const auto name = text_.word();
        if (name == "NOT") return text_.space();  // which fails: nothing follows
        if (name == "OR") return either(depth, negated);
        if (name == "FUZZY") return fuzzy(depth, negated);
        if (name == "NEW") return is_new(negated);
        if (name == "UID") return text_.space() && set(kind::uid, negated);
        if (name == "UIDAFTER" || name == "UIDBEFORE") return uid_bound(name, negated);
        return plain(name, negated);
    }

    /// OR takes two keys; where one of them is an OR again, all three are one group, so that a
    /// chain is flat however long it is.
    bool either(unsigned depth, bool negated) {
        const auto root = open(kind::any_of, negated);
        if (!root) return false;
        for (std::size_t wanted = 2; wanted > 0; --wanted) {
            if (!text_.space()) return false;
            while (text_.accept_word("OR "))
                ++wanted;
            if (!key(depth + 1, false)) return false;
        }
        close(*root);
        return true;
    }

    /// RFC 9738 3.3: all UIDs above, or below.
    bool uid_bound(std::string_view name, bool negated) {
        const bool is_after = name == "UIDAFTER";
        if (!text_.space()) return false;
        const auto bound = text_.number();
        if (!bound || *bound == 0) {
            text_.fail("a UID is expected here");
            return false;
        }
        const auto at = open(kind::uid, negated);
        if (!at) return false;
        std::string range;
        if (is_after && *bound < UINT32_MAX)
            range = std::to_string(*bound + 1) + ":" + std::to_string(UINT32_MAX);
        if (!is_after && *bound > 1) range = "1:" + std::to_string(*bound - 1);
        if (auto set = parse_sequence_set(range)) program_.keys[*at].set = std::move(*set);
        close(*at);
        return true;
    }

    /// RFC 6203 3, 5: takes any key; what is no text is matched as ever.
    bool fuzzy(unsigned depth, bool negated) {
        const bool outer = std::exchange(is_fuzzy_, true);
        const bool is_read = text_.space() && key(depth + 1, negated);
        is_fuzzy_ = outer;
        return is_read;
    }

    /// RFC 3501 6.4.4: NEW is (RECENT UNSEEN).
    bool is_new(bool negated) {
        const auto root = open(kind::all_of, negated);
        const auto recent = open(kind::recent, false);
        const auto unseen = open(kind::flag, true);
        if (!root || !recent || !unseen) return false;
        program_.keys[*unseen].number = mail::flags::seen;
        close(*root);
        return true;
    }

    bool set(kind what, bool negated) {
        auto numbers = parse_set(text_);
        if (!numbers) return false;
        const auto at = open(what, negated);
        if (!at) return false;
        program_.keys[*at].set = std::move(*numbers);
        return true;
    }

    bool plain(std::string_view name, bool negated) {
        const auto entry = std::find_if(std::begin(key_table), std::end(key_table),
                                        [name](const auto& one) { return one.name == name; });
        if (entry == std::end(key_table)) {
            text_.fail("this search key is not known");
            return false;
        }
        const auto at = open(entry->what, negated != entry->negated);
        if (!at) return false;
        auto& made = program_.keys[*at];
        made.number = entry->flag;
        made.field = std::string(entry->field);
        made.is_fuzzy = is_fuzzy_ && takes_text(entry->takes);
        if (takes_text(entry->takes) && ++texts_ > max_search_texts) {
            text_.fail(status::no, "LIMIT", "too many texts to search for");
            return false;
        }
        return entry->takes == argument::none || (text_.space() && take(entry->takes, made));
    }

    static bool takes_text(argument what) {
        return what == argument::keyword || what == argument::text || what == argument::header ||
               what == argument::object;
    }

    bool take(argument what, query::search_key& made) {
        switch (what) {
        case argument::none: return true;
        case argument::keyword: return keyword(made);
        case argument::date: return date(made);
        case argument::size: return size(made);
        case argument::text: return needle(made);
        case argument::interval: return interval(made);
        case argument::object: return object(made);
        case argument::modseq: return modseq(made);
        case argument::header: return field(made) && text_.space() && needle(made);
        }
        return false;
    }

    bool keyword(query::search_key& made) {
        made.text = std::string(text_.atom());
        if (made.text.empty()) text_.fail("a keyword is missing");
        return !made.text.empty();
    }

    bool date(query::search_key& made) {
        const auto written = text_.astring();
        const auto day = written ? message::parse_search_date(*written) : std::nullopt;
        if (!day) text_.fail("a date is missing or not valid");
        made.number = static_cast<std::uint64_t>(day.value_or(0));
        return day.has_value();
    }

    bool size(query::search_key& made) {
        const auto octets = text_.number64();
        if (!octets) text_.fail("a size is missing or not valid");
        made.number = octets.value_or(0);
        return octets.has_value();
    }

    /// RFC 5032 5: nz-number.
    bool interval(query::search_key& made) {
        const auto seconds = text_.number();
        if (!seconds || *seconds == 0) {
            text_.fail("a number of seconds is missing or not valid");
            return false;
        }
        made.number = *seconds;
        return true;
    }

    /// RFC 8474 4.2, 7: an object id, 1 to 255 letters, digits, "_" or "-".
    bool object(query::search_key& made) {
        made.text = text_.astring().value_or("");
        const bool is_id = !made.text.empty() && made.text.size() <= max_object_id_octets &&
                           std::all_of(made.text.begin(), made.text.end(), [](char c) {
                               return ascii::is_alnum(c) || c == '_' || c == '-';
                           });
        if (!is_id) text_.fail("an object id is missing or not valid");
        return is_id;
    }

    /// [SP entry-name SP entry-type-req] SP mod-sequence-valzer, RFC 7162 3.1.5. There is one
    /// mod-sequence for all flags of a message, so the entry changes nothing.
    bool modseq(query::search_key& made) {
        if (text_.peek() == '"') {
            const auto entry = text_.string();
            const bool is_flag = entry && entry->size() > 7 && entry->starts_with("/flags/");
            if (!is_flag) {
                text_.fail("an entry name is written \"/flags/...\"");
                return false;
            }
            if (!text_.space()) return false;
            const auto type = text_.word();
            if (type != "PRIV" && type != "SHARED" && type != "ALL") {
                text_.fail("an entry type is priv, shared or all");
                return false;
            }
            if (!text_.space()) return false;
        }
        const auto value = text_.modseq();
        if (!value) text_.fail("the mod-sequence is missing or not valid");
        made.number = value.value_or(0);
        return value.has_value();
    }

    bool field(query::search_key& made) {
        const auto name = text_.astring();
        if (!name) text_.fail("a header field name is missing");
        made.field = ascii::lowered(name.value_or(""));
        return name.has_value();
    }

    bool needle(query::search_key& made) {
        const auto given = text_.astring();
        if (!given) text_.fail("a text to search for is missing");
        made.text = message::casemap_key(message::to_utf8(given.value_or(""), charset_));
        return given.has_value();
    }

    lexer& text_;
    std::string charset_;
    std::size_t texts_ = 0;
    bool is_fuzzy_ = false;  // within the argument of FUZZY
    query::search_program program_;
};

}  // namespace

bool parse_search_program(lexer& text, query::search_program& program) {
    search_builder builder(text);
    if (!builder.charset() || !builder.keys(0, false)) return false;
    program = builder.take();
    return true;
}

bool parse_program_in_charset(lexer& text, query::search_program& program) {
    search_builder builder(text);
    if (!builder.charset_name() || !builder.keys(0, false)) return false;
    program = builder.take();
    return true;
}

bool may_ask_relevancy(lexer& text, bool is_asked, const query::search_program& program) {
    if (!is_asked || program.has_fuzzy()) return true;
    text.fail("RELEVANCY is for FUZZY searches");
    return false;
}

parsed parse_search(lexer& text, bool by_uid) {
    cmd::search search;
    search.by_uid = by_uid;
    if (!text.space() || !parse_search_options(text, search.options)) return std::nullopt;
    if (!parse_search_program(text, search.program)) return std::nullopt;
    if (!may_ask_relevancy(text, search.options.relevancy, search.program)) return std::nullopt;
    return search;
}

}  // namespace hauspost::imap
