#pragma once

#include <cstdint>

namespace hauspost::mail {

/// What a mailbox is for (RFC 6154 2). `none` for ordinary ones. The numbers stand in the store.
enum class special_use : std::uint8_t { none, drafts, sent, junk, trash, archive, all, flagged };

}  // namespace hauspost::mail
