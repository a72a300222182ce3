#pragma once

#include <string>

namespace hauspost::storage::lmdb {

/// A name in Unicode Normalization Form C, in which names are kept and compared: what one system
/// writes as "u" and a combining diaeresis another writes as one letter. RFC 5198 3
///
/// Returns  `name` as it is when it is not well-formed UTF-8
[[nodiscard]] std::string composed(std::string name);

}  // namespace hauspost::storage::lmdb
