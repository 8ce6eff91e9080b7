//! The tables as Diesel sees them; private to the store. Column meanings stand in `migrations/`.

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    settings (name) {
        name -> Text,
        value -> Text,
        updated_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    nodes (id) {
        id -> Binary,
        parent_id -> Nullable<Binary>,
        kind -> Text,
        name -> Text,
        name_search -> Text,
        code -> Nullable<Text>,
        email -> Nullable<Text>,
        suspended_at -> Nullable<Instant>,
        suspension_note -> Nullable<Text>,
        suspended_by -> Nullable<Binary>,
        credit_limit_cents -> BigInt,
        discount_bp -> Integer,
        license_quota -> Nullable<Integer>,
        trial_quota -> Nullable<Integer>,
        payment_days -> Integer,
        may_defer -> Nullable<Bool>,
        may_collect -> Bool,
        may_validate -> Bool,
        may_create_subs -> Bool,
        wants_agent -> Bool,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    node_tree (ancestor_id, descendant_id) {
        ancestor_id -> Binary,
        descendant_id -> Binary,
        depth -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    company_rules (node_id) {
        node_id -> Binary,
        by_vendor -> Bool,
        trial_days -> Nullable<Integer>,
        offline_days -> Nullable<Integer>,
        pending_days -> Nullable<Integer>,
        grace_days -> Nullable<Integer>,
        release_max -> Nullable<Integer>,
        release_days -> Nullable<Integer>,
        revision -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    company_products (node_id, product_id) {
        node_id -> Binary,
        product_id -> Binary,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    products (id) {
        id -> Binary,
        code -> Text,
        name -> Text,
        description -> Text,
        current_version -> Text,
        license_kinds -> Text,
        base_price_cents -> BigInt,
        currency -> Text,
        trial_days -> Integer,
        period_months -> Integer,
        offline_days -> Integer,
        offline_unlimited -> Bool,
        grace_days -> Integer,
        pending_days -> Integer,
        start_rule -> Text,
        release_max -> Integer,
        release_days -> Integer,
        properties -> Text,
        signing_key_id -> Binary,
        archived_at -> Nullable<Instant>,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    modules (id) {
        id -> Binary,
        product_id -> Binary,
        code -> Text,
        name -> Text,
        bit -> Nullable<Integer>,
        base_price_cents -> BigInt,
        included -> Bool,
        archived_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    product_versions (id) {
        id -> Binary,
        product_id -> Binary,
        version -> Text,
        released_on -> Date,
        notes -> Text,
        url -> Nullable<Text>,
        checksum -> Nullable<Text>,
        announced_at -> Nullable<Instant>,
        announce_after -> Nullable<Binary>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    prices (id) {
        id -> Binary,
        product_id -> Binary,
        module_id -> Nullable<Binary>,
        license_kind -> Text,
        period_months -> Nullable<Integer>,
        company_level -> Nullable<Text>,
        per_seat -> Bool,
        amount_cents -> BigInt,
        currency -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    signing_keys (id) {
        id -> Binary,
        product_id -> Binary,
        kid -> Text,
        public_key -> Binary,
        seed_sealed -> Binary,
        state -> Text,
        created_at -> Instant,
        activated_at -> Nullable<Instant>,
        retired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    customers (id) {
        id -> Binary,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        name -> Text,
        name_search -> Text,
        state -> Text,
        state_note -> Nullable<Text>,
        state_before -> Nullable<Text>,
        suspended_by -> Nullable<Binary>,
        email -> Nullable<Text>,
        vat_number -> Nullable<Text>,
        tax_code -> Nullable<Text>,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        multi_site -> Bool,
        multi_user -> Bool,
        flagged_double -> Bool,
        privacy_consent_at -> Nullable<Instant>,
        erasure_asked_at -> Nullable<Instant>,
        email_confirmed_at -> Nullable<Instant>,
        decided_at -> Nullable<Instant>,
        proposed_at -> Nullable<Instant>,
        proposed_note -> Nullable<Text>,
        anonymised_at -> Nullable<Instant>,
        archived_at -> Nullable<Instant>,
        merged_into -> Nullable<Binary>,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    contacts (id) {
        id -> Binary,
        customer_id -> Binary,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        position -> Integer,
    }
}

diesel::table! {
    sites (id) {
        id -> Binary,
        customer_id -> Binary,
        name -> Text,
        address -> Nullable<Text>,
        seats -> Nullable<Integer>,
        position -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    users (id) {
        id -> Binary,
        node_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        language -> Text,
        state -> Text,
        read_only -> Bool,
        credentials_changed_at -> Instant,
        last_seen_at -> Nullable<Instant>,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    sessions (id) {
        id -> Binary,
        user_id -> Binary,
        secret_hash -> Binary,
        created_at -> Instant,
        last_seen_at -> Instant,
        expires_at -> Instant,
        confirmed_at -> Instant,
        ended_at -> Nullable<Instant>,
        address -> Text,
        user_agent -> Text,
        seen_user_id -> Nullable<Binary>,
        seen_since -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    api_tokens (id) {
        id -> Binary,
        user_id -> Binary,
        name -> Text,
        prefix -> Text,
        secret_hash -> Binary,
        read_only -> Bool,
        expires_at -> Nullable<Instant>,
        last_used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    one_time_links (id) {
        id -> Binary,
        user_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        purpose -> Text,
        email -> Text,
        password_hash -> Nullable<Text>,
        secret_hash -> Binary,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    registrations (id) {
        id -> Binary,
        customer_id -> Binary,
        case_hash -> Binary,
        product_id -> Nullable<Binary>,
        node_id -> Nullable<Binary>,
        created_at -> Instant,
        decided_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    batches (id) {
        id -> Binary,
        product_id -> Binary,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        label -> Nullable<Text>,
        quantity -> Integer,
        created_by -> Nullable<Binary>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    licenses (id) {
        id -> Binary,
        product_id -> Binary,
        customer_id -> Nullable<Binary>,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        batch_id -> Nullable<Binary>,
        key_hash -> Binary,
        key_sealed -> Binary,
        key_tail -> Text,
        kind -> Text,
        binding -> Text,
        duration_days -> Nullable<Integer>,
        period_months -> Nullable<Integer>,
        starts_on -> Nullable<Date>,
        anchor_day -> Nullable<Integer>,
        expires_on -> Nullable<Date>,
        maintenance_until -> Nullable<Date>,
        activated_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        suspensions -> Integer,
        stopped -> Nullable<Integer>,
        settled -> Bool,
        max_devices -> Nullable<Integer>,
        devices_used -> Integer,
        max_users -> Nullable<Integer>,
        users_used -> Integer,
        max_seats -> Nullable<Integer>,
        seats_used -> Integer,
        reserved -> Bool,
        offline_days -> Nullable<Integer>,
        label -> Nullable<Text>,
        archived_at -> Nullable<Instant>,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    license_terms (license_id) {
        license_id -> Binary,
        price_cents -> Nullable<BigInt>,
        discount_bp -> Nullable<Integer>,
        auto_renew -> Bool,
        renewal_method -> Nullable<Text>,
        properties -> Text,
        revoked_note -> Nullable<Text>,
    }
}

diesel::table! {
    license_modules (license_id, module_id) {
        license_id -> Binary,
        module_id -> Binary,
        expires_on -> Nullable<Date>,
    }
}

diesel::table! {
    reserved_devices (license_id, device) {
        license_id -> Binary,
        device -> Text,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    suspensions (id) {
        id -> Binary,
        license_id -> Binary,
        reason -> Text,
        note -> Nullable<Text>,
        node_id -> Nullable<Binary>,
        created_by -> Nullable<Binary>,
        created_at -> Instant,
        lifted_at -> Nullable<Instant>,
        lifted_by -> Nullable<Binary>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    license_users (id) {
        id -> Binary,
        license_id -> Binary,
        name -> Text,
        live -> Nullable<Integer>,
        created_at -> Instant,
        released_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    activations (id) {
        id -> Binary,
        license_id -> Binary,
        license_user_id -> Nullable<Binary>,
        device -> Text,
        device_name -> Nullable<Text>,
        platform -> Nullable<Text>,
        live -> Nullable<Integer>,
        activated_at -> Instant,
        last_seen_at -> Instant,
        released_at -> Nullable<Instant>,
        released_by -> Nullable<Binary>,
        release_note -> Nullable<Text>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    trial_uses (product_id, device) {
        product_id -> Binary,
        device -> Text,
        license_id -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    activation_log (id) {
        id -> Binary,
        at -> Instant,
        license_id -> Nullable<Binary>,
        product_id -> Nullable<Binary>,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        key_kind -> Text,
        operation -> Text,
        device -> Nullable<Text>,
        outcome -> Text,
        address -> Text,
        request_id -> Text,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    access_log (id) {
        id -> Binary,
        at -> Instant,
        user_id -> Nullable<Binary>,
        seen_user_id -> Nullable<Binary>,
        node_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        action -> Text,
        outcome -> Text,
        address -> Text,
        user_agent -> Text,
        detail -> Nullable<Text>,
        request_id -> Text,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    audit_log (id) {
        id -> Binary,
        at -> Instant,
        actor_kind -> Text,
        user_id -> Nullable<Binary>,
        token_id -> Nullable<Binary>,
        actor_name -> Text,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Binary>,
        details -> Text,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    audit_chain (position) {
        position -> BigInt,
        audit_id -> Binary,
        hash -> Binary,
        sealed_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    transactions (id) {
        id -> Binary,
        license_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        order_id -> Nullable<Binary>,
        kind -> Text,
        method -> Nullable<Text>,
        payer -> Text,
        amount_cents -> BigInt,
        vat_bp -> Integer,
        currency -> Text,
        due_on -> Nullable<Date>,
        period_from -> Nullable<Date>,
        period_to -> Nullable<Date>,
        undoes_id -> Nullable<Binary>,
        note -> Nullable<Text>,
        details -> Text,
        created_by -> Nullable<Binary>,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    settlements (id) {
        id -> Binary,
        payment_id -> Binary,
        transaction_id -> Binary,
        amount_cents -> BigInt,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    orders (id) {
        id -> Binary,
        license_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        product_id -> Binary,
        company_id -> Nullable<Binary>,
        provider -> Text,
        business_key -> Nullable<Text>,
        state -> Text,
        what -> Text,
        amount_cents -> BigInt,
        currency -> Text,
        url -> Nullable<Text>,
        expires_at -> Instant,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    payment_events (id) {
        id -> Binary,
        provider -> Text,
        event_id -> Text,
        kind -> Text,
        live_mode -> Bool,
        body -> Text,
        state -> Text,
        verdict -> Nullable<Text>,
        order_id -> Nullable<Binary>,
        received_at -> Instant,
        handled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    outbox (id) {
        id -> Binary,
        kind -> Text,
        recipient -> Text,
        language -> Text,
        company_id -> Nullable<Binary>,
        customer_id -> Nullable<Binary>,
        user_id -> Nullable<Binary>,
        payload -> Binary,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Instant,
        message_id -> Text,
        last_error -> Nullable<Text>,
        lease_until -> Nullable<Instant>,
        lease_owner -> Nullable<Text>,
        created_at -> Instant,
        sent_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    jobs (name) {
        name -> Text,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Instant>,
        fence -> BigInt,
        next_run_at -> Instant,
        last_run_at -> Nullable<Instant>,
        last_duration_ms -> Nullable<BigInt>,
        last_outcome -> Nullable<Text>,
        running_since -> Nullable<Instant>,
        failures -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    job_runs (id) {
        id -> Binary,
        job -> Text,
        owner -> Text,
        started_at -> Instant,
        ended_at -> Nullable<Instant>,
        duration_ms -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        counts -> Text,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    reminders (subject_id, kind, about, threshold) {
        subject_id -> Binary,
        kind -> Text,
        about -> Date,
        threshold -> Integer,
        sent_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    log_cuts (log) {
        log -> Text,
        before_id -> Binary,
        updated_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    idempotency_keys (id) {
        id -> Binary,
        body_hash -> Binary,
        status -> Integer,
        answer -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    throttles (id) {
        id -> Binary,
        count -> Integer,
        since -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    tally_deltas (id) {
        id -> BigInt,
        what -> Integer,
        n -> BigInt,
        cents -> BigInt,
        company_id -> Nullable<Binary>,
        agent_id -> Nullable<Binary>,
        product_id -> Nullable<Binary>,
        word -> Text,
        flags -> Integer,
        day -> Nullable<Date>,
        began_at -> Nullable<Instant>,
        ended_at -> Nullable<Instant>,
        of_id -> Nullable<Binary>,
    }
}

diesel::table! {
    tallies (what, company_id, agent_id, day, product_id, word, flags) {
        what -> Integer,
        company_id -> Binary,
        agent_id -> Binary,
        day -> Date,
        product_id -> Binary,
        word -> Text,
        flags -> Integer,
        n -> BigInt,
        cents -> BigInt,
    }
}

diesel::table! {
    tally_state (id) {
        id -> Integer,
        zone -> Text,
        log_before -> Binary,
        revision -> Integer,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    saved_views (id) {
        id -> Binary,
        list -> Text,
        user_id -> Binary,
        node_id -> Nullable<Binary>,
        name -> Text,
        query -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    license_templates (id) {
        id -> Binary,
        user_id -> Binary,
        node_id -> Nullable<Binary>,
        name -> Text,
        fields -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    message_texts (node_id, kind, language, version) {
        node_id -> Binary,
        kind -> Text,
        language -> Text,
        version -> Integer,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        user_id -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    message_switches (node_id, kind) {
        node_id -> Binary,
        kind -> Text,
        is_on -> Bool,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    logos (id) {
        id -> Binary,
        node_id -> Binary,
        png -> Binary,
        width -> Integer,
        height -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    brands (node_id) {
        node_id -> Binary,
        name -> Nullable<Text>,
        sender -> Nullable<Text>,
        reply_to -> Nullable<Text>,
        color -> Nullable<Text>,
        logo_id -> Nullable<Binary>,
        revision -> Integer,
    }
}

diesel::table! {
    default_views (user_id, list) {
        user_id -> Binary,
        list -> Text,
        view_id -> Binary,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    notices (id) {
        id -> Binary,
        user_id -> Binary,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Binary,
        details -> Text,
        created_at -> Instant,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    notice_choices (user_id, topic) {
        user_id -> Binary,
        topic -> Text,
        by_mail -> Bool,
        in_portal -> Bool,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    told (kind, subject_id, mark) {
        kind -> Text,
        subject_id -> Binary,
        mark -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    webhooks (id) {
        id -> Binary,
        node_id -> Binary,
        url -> Text,
        note -> Nullable<Text>,
        secret -> Binary,
        old_secret -> Nullable<Binary>,
        old_until -> Nullable<Instant>,
        failing_since -> Nullable<Instant>,
        disabled_at -> Nullable<Instant>,
        created_by -> Nullable<Binary>,
        created_at -> Instant,
        revision -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    webhook_events (event, webhook_id) {
        event -> Text,
        webhook_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    webhook_queue (audit_id) {
        audit_id -> Binary,
    }
}

diesel::table! {
    use super::super::sql_types::Instant;
    use diesel::sql_types::*;

    webhook_deliveries (id) {
        id -> Binary,
        webhook_id -> Binary,
        event -> Text,
        body -> Text,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Instant,
        lease_until -> Nullable<Instant>,
        lease_owner -> Nullable<Text>,
        status -> Nullable<Integer>,
        answer -> Nullable<Text>,
        last_error -> Nullable<Text>,
        created_at -> Instant,
        delivered_at -> Nullable<Instant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    settings,
    nodes,
    node_tree,
    company_rules,
    company_products,
    products,
    modules,
    product_versions,
    prices,
    signing_keys,
    customers,
    contacts,
    sites,
    users,
    sessions,
    api_tokens,
    one_time_links,
    registrations,
    batches,
    licenses,
    license_terms,
    license_modules,
    reserved_devices,
    suspensions,
    license_users,
    activations,
    trial_uses,
    activation_log,
    access_log,
    audit_log,
    audit_chain,
    transactions,
    settlements,
    orders,
    payment_events,
    outbox,
    message_texts,
    message_switches,
    logos,
    brands,
    jobs,
    reminders,
    idempotency_keys,
    throttles,
    saved_views,
    default_views,
    license_templates,
    notices,
    notice_choices,
    told,
    webhooks,
    webhook_events,
    webhook_queue,
    webhook_deliveries,
);

diesel::allow_tables_to_appear_in_same_query!(tally_state, tally_deltas);
