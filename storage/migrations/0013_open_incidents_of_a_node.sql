-- What a reporter's page asks at each opening: the open incidents that her own node reported.
create index incidents_open_from on incidents (from_node, received_at desc) where state = 'open';
