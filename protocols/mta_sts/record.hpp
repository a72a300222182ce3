#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::mta_sts {

inline constexpr std::size_t max_id_octets = 32;

/// Which policy a domain has, of the TXT records at _mta-sts.DOMAIN.
///
///   sts-text-record = "v=STSv1" 1*(sts-field-delim sts-field) [sts-field-delim]
///   sts-id          = "id=" 1*32(ALPHA / DIGIT)
///
/// texts    each record's strings put together; others than of MTA-STS are passed over
/// Returns  the id. nullopt: the domain has no policy, or says so wrongly (two records, no id)
/// RFC      8461 3.1
[[nodiscard]] std::optional<std::string> find_id(const std::vector<std::string>& texts);

}  // namespace hauspost::mta_sts
