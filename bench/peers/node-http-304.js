// The same for clients that have the answer already: it compares If-None-Match with the one entity tag there is.
import { createServer } from 'node:http';
import { KEEP_ALIVE_MS, storedAnswers } from './stored.js';

const [port, upstreamPort] = process.argv.slice(2);
const answers = await storedAnswers(upstreamPort);
for (const answer of answers.values()) {
  const { headers } = answer;
  answer.tag = headers[headers.indexOf('etag') + 1];
  answer.withoutContent = headers.filter(
    (_, index) => !/^(content-.*|last-modified)$/.test(headers[index - (index % 2)]),
  );
}

createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const { headers, withoutContent, body, tag } = answers.get(request.url);
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, withoutContent);
    response.end();
  } else {
    response.writeHead(200, headers);
    response.end(body);
  }
}).listen(Number(port), '127.0.0.1');
