#pragma once

#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/grammar/lexer.hpp"

#include <optional>
#include <string>

/// What the parse_*.cpp files share; nobody else includes it. Each function reads what comes after
/// the command's name, space included, and leaves the reason in the lexer when it gives up.
namespace hauspost::imap {

using parsed = std::optional<command>;

[[nodiscard]] parsed parse_list(lexer& text);
[[nodiscard]] parsed parse_lsub(lexer& text);
[[nodiscard]] parsed parse_xlist(lexer& text);
[[nodiscard]] parsed parse_status(lexer& text);
[[nodiscard]] parsed parse_get_quota(lexer& text);
[[nodiscard]] parsed parse_get_quota_root(lexer& text);
[[nodiscard]] parsed parse_set_quota(lexer& text);
[[nodiscard]] parsed parse_get_metadata(lexer& text);
[[nodiscard]] parsed parse_set_metadata(lexer& text);
[[nodiscard]] parsed parse_set_acl(lexer& text);
[[nodiscard]] parsed parse_delete_acl(lexer& text);
[[nodiscard]] parsed parse_list_rights(lexer& text);
[[nodiscard]] parsed parse_search(lexer& text, bool by_uid);
/// ["RETURN (" options ")" SP]. RFC 4466 2.6.1
[[nodiscard]] bool parse_search_options(lexer& text, search_options& options);
/// RFC 6203 4, 6: RELEVANCY, as an option or a sort key, has no sense without FUZZY.
[[nodiscard]] bool may_ask_relevancy(lexer& text,
                                     bool is_asked,
                                     const query::search_program& program);
/// "1:500" or "-1:-500". RFC 9394 3.1
[[nodiscard]] std::optional<page_range> parse_page_range(lexer& text);
/// ["CHARSET" SP charset SP] keys.
[[nodiscard]] bool parse_search_program(lexer& text, query::search_program& program);
/// charset SP keys.
[[nodiscard]] bool parse_program_in_charset(lexer& text, query::search_program& program);
[[nodiscard]] parsed parse_sort(lexer& text, bool by_uid);
[[nodiscard]] parsed parse_esearch(lexer& text);
[[nodiscard]] parsed parse_cancel_update(lexer& text);
[[nodiscard]] parsed parse_thread(lexer& text, bool by_uid);
[[nodiscard]] parsed parse_fetch(lexer& text, bool by_uid);
/// "(" fetch-att *(SP fetch-att) ")", one alone, or a macro.
[[nodiscard]] bool parse_fetch_items(lexer& text, fetch_items& items);
[[nodiscard]] parsed parse_notify(lexer& text);
[[nodiscard]] parsed parse_store(lexer& text, bool by_uid);

/// What stands in BODY[...], up to the "]", which stays. Limits as there.
[[nodiscard]] std::optional<section> parse_section(lexer& text);

/// astring in modified UTF-7 (or UTF-8) -> UTF-8 with canonical INBOX.
[[nodiscard]] std::optional<std::string> parse_mailbox(lexer& text);
[[nodiscard]] std::optional<sequence_set> parse_set(lexer& text);
[[nodiscard]] std::optional<status_items> parse_status_items(lexer& text);
/// SELECT and EXAMINE. parse_select.cpp
[[nodiscard]] parsed parse_select(lexer& text, bool read_only);
/// entry / "(" entry *(SP entry) ")", RFC 5464 5.
[[nodiscard]] std::optional<std::vector<std::string>> parse_metadata_entries(lexer& text);
/// "(" flags ")"; without parentheses too where `bare` allows it (STORE).
[[nodiscard]] std::optional<mail::flag_names> parse_flags(lexer& text, bool bare);

}  // namespace hauspost::imap
