"""Times as people and programs write them: the refused ones with the word for why, and those that are read."""

NO_TIMES = [
    ("202611230810", "datetime_parsing"),  # digits alone were seconds since 1970, and nothing was owed
    ("20261123", "datetime_parsing"),
    ("1", "datetime_parsing"),
    ("0", "datetime_parsing"),
    ("1e9", "datetime_parsing"),
    ("-1", "datetime_parsing"),
    ("", "datetime_parsing"),
    ("yesterday", "datetime_parsing"),
    ("2026-11-23", "datetime_parsing"),  # a date alone
    ("2026-11-23T08:10", "datetime_parsing"),  # no seconds
    ("2026-11-23T08:10+08:00", "datetime_parsing"),
    ("2026-11-23T08+08:00", "datetime_parsing"),
    ("2026-11-23t08:10:00+08:00", "datetime_parsing"),
    ("2026-11-23T08:10:00z", "datetime_parsing"),
    ("2026-11-23 08:10:00+08:00", "datetime_parsing"),
    ("2026-11-23T08:10:00 +08:00", "datetime_parsing"),
    ("2026-11-23T08:10:00 08:00", "datetime_parsing"),  # a plus sign that an address turned into a blank
    (" 2026-11-23T08:10:00Z", "datetime_parsing"),
    ("2026-11-23T08:10:00Z ", "datetime_parsing"),
    ("2026-11-23T08:10:00Z\n", "datetime_parsing"),
    ("2026-11-23T08:10:00+0800", "datetime_parsing"),
    ("2026-11-23T08:10:00+08", "datetime_parsing"),
    ("2026-11-23T08:10:00+8:00", "datetime_parsing"),
    ("2026-11-23T08:10:00+08:00:00", "datetime_parsing"),
    ("2026-11-23T08:10:00\u221208:00", "datetime_parsing"),  # a minus sign that is none
    ("２０２６-11-23T08:10:00Z", "datetime_parsing"),  # full-width digits
    ("2026-11-23T08：10：00Z", "datetime_parsing"),
    ("٢٠٢٦-11-23T08:10:00Z", "datetime_parsing"),
    ("2026-11-23T08:10:00.Z", "datetime_parsing"),
    ("2026-11-23T08:10:00,5Z", "datetime_parsing"),
    ("2026-11-23T08:10:00.1234567890Z", "datetime_parsing"),
    ("2026-W48-1T08:10:00Z", "datetime_parsing"),  # a week date
    ("2026-327T08:10:00Z", "datetime_parsing"),
    ("20261123T081000Z", "datetime_parsing"),
    ("2026-11-31T08:10:00Z", "datetime_parsing"),
    ("2026-02-29T08:10:00Z", "datetime_parsing"),
    ("2026-13-01T08:10:00Z", "datetime_parsing"),
    ("2026-00-01T08:10:00Z", "datetime_parsing"),
    ("2026-11-23T24:00:00+08:00", "datetime_parsing"),  # the next day has a name of its own
    ("2026-11-23T25:00:00Z", "datetime_parsing"),
    ("2026-11-23T08:60:00Z", "datetime_parsing"),
    ("2016-12-31T23:59:60Z", "datetime_parsing"),  # no clock here can hold a leap second
    ("2026-11-23T08:10:00+14:01", "datetime_parsing"),
    ("2026-11-23T08:10:00-23:59", "datetime_parsing"),
    ("2026-11-23T08:10:00+08:60", "datetime_parsing"),
    ("2026-11-23T08:10:00+99:99", "datetime_parsing"),
    ("2026-11-23T08:10:00", "timezone_aware"),
    ("2026-11-23T08:10:00.5", "timezone_aware"),
    ("0000-01-01T00:00:00Z", "datetime_parsing"),
    ("0001-01-01T00:00:00Z", "invalid"),
    ("0001-01-01T00:00:00+14:00", "invalid"),
    ("1899-12-31T23:59:59Z", "invalid"),
    ("1900-01-01T07:59:59+08:00", "invalid"),
    ("2200-01-01T00:00:00Z", "invalid"),
    ("9999-12-31T23:59:59Z", "invalid"),
    ("9999-12-31T23:59:59-14:00", "invalid"),
    ("9999-12-31T23:59:59+14:00", "invalid"),
]
"""Texts that are refused, with the word that stands in `reason`."""

NO_TEXTS = [20261123, 202611230810, 0, 1, -1, 1.5, 1e9, True, False, [], {}, ["2026-11-23T08:10:00Z"]]
"""JSON values that are no texts."""

TIMES = [
    ("2026-11-23T08:10:00+08:00", "2026-11-23T00:10:00+00:00"),
    ("2026-11-23T00:10:00Z", "2026-11-23T00:10:00+00:00"),
    ("2026-11-23T00:10:00-00:00", "2026-11-23T00:10:00+00:00"),
    ("2026-11-23T14:10:00+14:00", "2026-11-23T00:10:00+00:00"),
    ("2026-11-22T10:10:00-14:00", "2026-11-23T00:10:00+00:00"),
    ("2026-11-23T00:10:00.5Z", "2026-11-23T00:10:00.500000+00:00"),
    ("2026-11-23T00:10:00.123456789Z", "2026-11-23T00:10:00.123456+00:00"),
    ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00+00:00"),
    ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00"),
]
"""Texts that are read, each with the moment in UTC."""
