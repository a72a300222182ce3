#include "protocols/smtp/client/send_outcome.hpp"

namespace hauspost::smtp {

std::string_view to_text(client_step step) noexcept {
    switch (step) {
    case client_step::greeting: return "greeting";
    case client_step::hello: return "hello";
    case client_step::start_tls: return "start_tls";
    case client_step::login: return "login";
    case client_step::reset: return "reset";
    case client_step::mail: return "mail";
    case client_step::rcpt: return "rcpt";
    case client_step::data: return "data";
    case client_step::message: return "message";
    case client_step::end_of_data: return "end_of_data";
    }
    return "";
}

std::string_view to_text(send_reason reason) noexcept {
    switch (reason) {
    case send_reason::replied: return "replied";
    case send_reason::lost: return "lost";
    case send_reason::timed_out: return "timed_out";
    case send_reason::not_smtp: return "not_smtp";
    case send_reason::unsure: return "unsure";
    case send_reason::injected: return "injected";
    case send_reason::no_tls: return "no_tls";
    case send_reason::tls_failed: return "tls_failed";
    case send_reason::no_login: return "no_login";
    case send_reason::too_big: return "too_big";
    case send_reason::needs_8bitmime: return "needs_8bitmime";
    case send_reason::needs_binarymime: return "needs_binarymime";
    case send_reason::needs_smtputf8: return "needs_smtputf8";
    case send_reason::needs_requiretls: return "needs_requiretls";
    case send_reason::bad_address: return "bad_address";
    case send_reason::source_failed: return "source_failed";
    case send_reason::next_transaction: return "next_transaction";
    case send_reason::next_connection: return "next_connection";
    }
    return "";
}

}  // namespace hauspost::smtp
