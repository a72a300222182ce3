#pragma once

namespace hauspost::storage {

class annotation_store;
class audit_store;
class ban_store;
class blob_store;
class change_feed;
class delivery_store;
class directory_store;
class expunged_store;
class forward_store;
class mailbox_store;
class overview_store;
class owner_store;
class queue_store;
class secret_store;
class sender_store;
class setting_store;
class sharing_store;
class sign_in_store;
class store_keeper;
class trace_store;
class traffic_store;
class tls_store;

/// An open store: all its ports. Whoever builds a part hands it those that it needs.
///
/// Lifetime: the engine's factory (lmdb::open_store) gives a shared_ptr to it; the store is open as
/// long as somebody holds one.
struct ports {
    mailbox_store& mailboxes;
    blob_store& blobs;
    delivery_store& delivery;
    directory_store& directory;
    sharing_store& sharing;
    annotation_store& annotations;
    expunged_store& expunged;
    queue_store& queue;
    secret_store& secrets;
    sender_store& senders;
    trace_store& trace;
    forward_store& forwards;
    tls_store& tls;
    owner_store& owner;
    audit_store& audit;
    traffic_store& traffic;
    ban_store& bans;
    sign_in_store& sign_ins;
    setting_store& settings;
    overview_store& overview;
    change_feed& changes;
    store_keeper& keeper;
};

}  // namespace hauspost::storage
