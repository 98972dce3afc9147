// An act on an incident as it is sent: with its id, and with what was seen when it was decided. Where something else
// stands by now nothing is done; the answer says who did what, the page shows it, and the next try is a decision on that.

import { post } from "../shared/api.js";
import { written } from "../shared/fields.js";

/** The `send` and `refused` of a dialog; `fields` are those of the incident that the act is decided on. */
export function actOn(incident, act, fields, refresh) {
  const seen = Object.fromEntries(fields.filter((name) => name in incident).map((name) => [name, incident[name]]));
  return {
    send: (values, id) => post(`/api/v1/incidents/${incident.incident_id}/${act}`, { ...written(values), act_id: id, expected: seen }),
    refused: ({ present }) => {
      for (const name of fields) if (present && name in present) seen[name] = present[name];
      refresh();
    },
  };
}
