// GraphiQL on this server: documents by POST, subscriptions over graphql-transport-ws, the token from the headers' pane.
"use strict";

const FIRST = `# graph-hunt's API. A server that demands tokens takes yours from "Headers" below:
#   {"authorization": "Bearer gh_…"}

{
  status { records first last tables { table rows } }
}
`;

/** Sends a document; gives the answer. */
async function post(asked, headers) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(asked),
  });
  return answer.json();
}

/** Subscribes; gives what is told, one after the other. */
async function* subscribe(asked, headers) {
  const place = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`;
  const wire = new WebSocket(place, "graphql-transport-ws");
  const told = [];
  let wake = () => {};
  const tell = (one) => {
    told.push(one);
    wake();
  };
  const bearer = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization");
  wire.onopen = () =>
    wire.send(JSON.stringify({ type: "connection_init", payload: bearer ? { authorization: bearer[1] } : {} }));
  wire.onclose = (event) => tell({ end: event.code === 1000 ? null : `the connection ended: ${event.reason || event.code}` });
  wire.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "connection_ack") wire.send(JSON.stringify({ id: "1", type: "subscribe", payload: asked }));
    else if (message.type === "ping") wire.send(JSON.stringify({ type: "pong" }));
    else if (message.type === "next") tell({ next: message.payload });
    else if (message.type === "error") tell({ next: { errors: message.payload } });
    else if (message.type === "complete") tell({ end: null });
  };
  try {
    for (;;) {
      while (!told.length) await new Promise((resolve) => (wake = resolve));
      const { next, end } = told.shift();
      if (next) yield next;
      else if (end) throw new Error(end);
      else return;
    }
  } finally {
    wire.close(1000);
  }
}

/** Tells whether the operation that is asked for is a subscription. */
function subscribes({ query, operationName }) {
  const text = query.replace(/"""[^]*?"""|"(?:\\.|[^"\\])*"|#.*/g, "");
  const operations = [...text.matchAll(/(?:^|\})\s*(query|mutation|subscription)\b\s*(\w*)/g)];
  const chosen = operations.find(([, , name]) => operationName && name === operationName) ?? operations[0];
  return chosen?.[1] === "subscription";
}

const fetcher = (asked, { headers = {} } = {}) => (subscribes(asked) ? subscribe(asked, headers) : post(asked, headers));

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST,
    defaultEditorToolsVisibility: "headers",
    isHeadersEditorEnabled: true,
    // A token is not for a browser's store.
    shouldPersistHeaders: false,
  }),
);
