#include "storage/lmdb/keyword_rows.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

auto find_word(const std::vector<std::string>& known, const std::string& name) {
    return std::find_if(known.begin(), known.end(), [&](const auto& candidate) {
        return ascii::equal_nocase(candidate, name);
    });
}

}  // namespace

std::vector<std::string> read_keywords(const txn& within, mailbox_key box) {
    std::vector<std::string> names;
    cursor at(within, table::keyword);
    const auto first = keyword_key(box, 0);
    const auto prefix = std::string_view(first).substr(0, 8);
    for (bool more = at.seek(first); more && at.key().starts_with(prefix); more = at.next())
        names.emplace_back(at.value());
    return names;
}

result<numbered_flags> number_flags(write_context& context,
                                    mailbox_key box,
                                    const mail::flag_names& names,
                                    std::vector<std::string>& known) {
    const auto before = known.size();
    for (const auto& name : names.keywords) {
        if (find_word(known, name) != known.end()) continue;
        if (known.size() >= max_keywords_per_mailbox) {
            known.resize(before);
            return fail(errc::too_many_keywords);
        }
        known.push_back(name);
    }
    for (auto number = before; number < known.size(); ++number)
        context.tx.put(table::keyword, keyword_key(box, static_cast<std::uint16_t>(number)),
                       known[number]);
    return number_known(names, known);
}

bool are_known(const mail::flag_names& names, const std::vector<std::string>& known) {
    return std::all_of(names.keywords.begin(), names.keywords.end(),
                       [&](const auto& name) { return find_word(known, name) != known.end(); });
}

numbered_flags number_known(const mail::flag_names& names, const std::vector<std::string>& known) {
    numbered_flags numbers;
    numbers.bits = names.system;
    for (const auto& name : names.keywords) {
        const auto found = find_word(known, name);
        if (found == known.end()) continue;
        const auto number = static_cast<std::uint16_t>(found - known.begin());
        if (number < mail::flags::in_word)
            numbers.bits |= 1u << (mail::flags::first_keyword + number);
        else
            numbers.extra.push_back(number);
    }
    std::sort(numbers.extra.begin(), numbers.extra.end());
    numbers.extra.erase(std::unique(numbers.extra.begin(), numbers.extra.end()),
                        numbers.extra.end());
    return numbers;
}

mail::flag_names name_flags(const numbered_flags& numbers, const std::vector<std::string>& known) {
    mail::flag_names names;
    names.system = numbers.bits & ((1u << mail::flags::first_keyword) - 1);
    for (unsigned n = 0; n < mail::flags::in_word && n < known.size(); ++n)
        if ((numbers.bits & (1u << (mail::flags::first_keyword + n))) != 0)
            names.keywords.push_back(known[n]);
    for (const auto n : numbers.extra)
        if (n < known.size()) names.keywords.push_back(known[n]);
    return names;
}

std::vector<std::uint16_t> read_extra(const txn& within, mailbox_key box, uid id) {
    const auto found = within.get(table::extra_flags, message_key(box, id));
    return found ? decode_extra(*found) : std::vector<std::uint16_t>{};
}

void write_extra(write_context& context,
                 mailbox_key box,
                 uid id,
                 const std::vector<std::uint16_t>& extra) {
    if (extra.empty())
        context.tx.remove(table::extra_flags, message_key(box, id));
    else
        context.tx.put(table::extra_flags, message_key(box, id), encode_extra(extra));
}

}  // namespace hauspost::storage::lmdb
