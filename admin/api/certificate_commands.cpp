#include "admin/api/certificate_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/certificate_results.hpp"
#include "admin/api/in_json.hpp"
#include "admin/certificates.hpp"

namespace hauspost::admin::api {
namespace {

awaitable<answer> certificate_list_command(const context& with, const arguments&) {
    return in_json(with, list_certificates(with.at), certificates_json);
}
awaitable<answer> certificate_reload(const context& with, const arguments&) {
    return in_json(with, reload_certificates(with.at), certificates_json);
}

}  // namespace

std::vector<command> certificate_commands() {
    const std::vector<const char*> columns{"names", "issuer", "key", "ends_at", "problems", "file"};
    return {
        {.name = "certificate list",
         .help = "Show the certificates of the server, until when they are good, and what is wrong",
         .run = certificate_list_command,
         .shown_as = shape::list,
         .list = "certificates",
         .columns = columns,
         .only_looks = true},
        {.name = "certificate reload",
         .help = "Read certificate and key from their files again, without a restart",
         .run = certificate_reload,
         .shown_as = shape::list,
         .list = "certificates",
         .columns = columns,
         .sees = certificate_picture},
    };
}

}  // namespace hauspost::admin::api
