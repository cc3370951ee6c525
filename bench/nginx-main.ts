import { userInfo } from 'node:os';

/**
 * Completes an nginx configuration, for the origin and for the contender alike: one worker, in the foreground, no logs
 * but errors, connections that last, and every temporary file below the prefix that nginx is started with.
 *
 * @param http what stands in the `http` block
 * @param connections how many it may have open, to both sides together
 */
export function nginxMain(http: string, connections: number): string {
  const { uid, username } = userInfo();
  // Started by root, the worker would become another user, whom the temporary folder is closed to.
  const user = uid === 0 ? `user ${username};` : '';
  return `${user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections ${connections}; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
${http}
}
`;
}
