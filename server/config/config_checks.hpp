#pragma once

#include "base/clock.hpp"
#include "server/config/config.hpp"

#include <string>
#include <string_view>

namespace hauspost::server {

/// Looks at values that are right alone and wrong together, and at what no type can say: host
/// name, folders, listeners on one port. Adds to faults and notes.
void check_values(loaded_config& loaded);

// What is found is told with the place of the item that it is about, in the order of the file.
void add_fault(loaded_config& to, std::string_view item, std::string what, std::string remedy);
void add_note(loaded_config& to, std::string_view item, std::string what, std::string remedy);

/// Looks at what the values name: certificate and key are read and compared with each other, the
/// clock and the host name; the log must be a place that can be written. Adds to faults what keeps
/// the server from starting, and to notes what it starts with all the same. The caller should be
/// the user that the server runs as.
void check_files(loaded_config& loaded, const clock& now);

}  // namespace hauspost::server
