#pragma once

#include "protocols/jmap/json_text.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace hauspost::jmap {

/// Applies a PatchObject: each name is a JSON pointer without its first "/", whose value takes the
/// place of what is there; null takes it out, or sets it to its default, which is the caller's
/// matter for properties of the object itself (they become null).
///
/// Nothing is changed unless all of it can be.
///
/// Returns  what is wrong, in words; "": done
/// RFC      8620 5.3: no pointer into a list, no missing parent, no pointer that is the beginning of
///          another one
[[nodiscard]] std::string apply_patch(json::object& to, const json::object& patch);

}  // namespace hauspost::jmap
