#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/view/mailbox_view.hpp"
#include "protocols/query/search.hpp"
#include "protocols/query/sort.hpp"

#include <span>
#include <string_view>
#include <vector>

/// RETURN (UPDATE): searches and sorts whose client is told when their result changes. RFC 5267 4.3
/// Precondition of all: a mailbox is selected.
namespace hauspost::imap {

/// Is there such a search with this tag?
[[nodiscard]] bool is_updated(const selected_mailbox& box, std::string_view tag) noexcept;

/// "* NO [NOUPDATE "a1"] ...": it is not kept up to date, or no longer.
void refuse_updates(context& session, std::string_view tag, std::string_view why);

/// The search of the command that is run goes on living when its result may change by what others
/// do; otherwise it is refused. RFC 5267 4.3.1
/// found     its result, in the order of the answer
/// criteria  of a sort; empty: it is none
void keep_updated(context& session,
                  const query::search_program& program,
                  bool by_uid,
                  std::span<const uid> found,
                  const std::vector<query::sort_criterion>& criteria);

/// Before the EXPUNGE lines, while the numbers still mean the same.
void tell_gone(context& session, const view_change& news);

/// After EXISTS and FETCH: looks whether what is new or changed matches now.
/// changed  ascending
awaitable<void> update_searches(context& session, std::vector<uid> changed);

}  // namespace hauspost::imap
