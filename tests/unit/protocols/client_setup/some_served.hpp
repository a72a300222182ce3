#pragma once

#include "protocols/client_setup/served.hpp"

namespace hauspost::test {

/// All that can be offered.
inline client_setup::served all_served() {
    client_setup::served made;
    made.hostname = "mail.a.example";
    made.imaps = 993;
    made.imap = 143;
    made.pop3s = 995;
    made.pop3 = 110;
    made.submissions = 465;
    made.submission = 587;
    made.domain = "a.example";
    made.address = "anna@a.example";
    return made;
}

}  // namespace hauspost::test
