-- The next entry of the audit.
insert into audit_entries (
    number, happened_at, kind, what, incident, subject, officer, role, service, user_id, reason, salt, reason_digest,
    record, previous, link, known_at)
values (
    $number, $happened_at, $kind, $what, $incident, $subject, $officer, $role, $service, $user_id, $reason, $salt,
    $reason_digest, $record, $previous, $link, $known_at)
