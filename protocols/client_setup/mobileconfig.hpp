#pragma once

#include "protocols/client_setup/served.hpp"

#include <string>

namespace hauspost::client_setup {

inline constexpr const char* mobileconfig_type = "application/x-apple-aspen-config";
/// Where it is asked for, with the address behind "?email=". No standard names a place.
inline constexpr const char* mobileconfig_path = "/profile.mobileconfig";

/// A configuration profile for Mail on iPhone, iPad and Mac: one account, by IMAP, or by POP3 where
/// that is all there is. The device asks for the password when the profile is installed.
///
/// Its UUIDs and identifiers are made from address and host name: one that is installed later
/// replaces the one before, and two accounts are never taken for one.
///
/// of       complete, with its address
/// Returns  a property list in XML; not signed (certs::sign_document does that)
/// RFC      Apple, Configuration Profile Reference, "Mail" (com.apple.mail.managed)
[[nodiscard]] std::string write_mobileconfig(const served& of);

/// A UUID in lower case made from a text alone. RFC 9562 5.5 (version 5), in a namespace of ours.
[[nodiscard]] std::string name_uuid(const std::string& of);

}  // namespace hauspost::client_setup
