-- What wrk sends and reports. Arguments: method, a file with the request's body, `plain`, `chunked-post` (what the last
-- of the paths is asked for by) or `distinct` (each request has a query of its own), one path or more.

-- A request with a small JSON body in two chunks. wrk.format adds no Content-Length where there is no body.
function chunked_post(path)
  local first, second = '{"name":"a small document",', '"tags":["a","b"]}'
  local chunk = '%x\r\n%s\r\n'
  local headers = { ['Transfer-Encoding'] = 'chunked', ['Content-Type'] = 'application/json' }
  return wrk.format('POST', path, headers)
    .. chunk:format(#first, first) .. chunk:format(#second, second) .. '0\r\n\r\n'
end

-- Makes requests for a path with queries that no other request has had, nor one of an earlier run: each takes a second at
-- least.
function distinct_requests(path)
  local before, after = wrk.format(nil, path .. '?n=@'):match('^(.-)@(.*)$')
  local run, count = os.time(), 0
  return function()
    count = count + 1
    return before .. run .. '-' .. count .. after
  end
end

function init(args)
  wrk.method = args[1]
  local file = assert(io.open(args[2], 'rb'))
  local body = file:read('*a')
  file:close()
  if #body > 0 then wrk.body = body end
  wrk.path = args[4]

  if args[3] == 'distinct' then
    request = distinct_requests(args[4])
    return
  end
  -- With one path, wrk makes the request once and never enters Lua again. Only several paths need more.
  if #args == 4 then return end
  local requests = {}
  for index = 4, #args do
    requests[#requests + 1] = wrk.format(nil, args[index])
  end
  if args[3] == 'chunked-post' then requests[#requests] = chunked_post(args[#args]) end
  local index = 0
  request = function()
    index = index % #requests + 1
    return requests[index]
  end
end

function done(summary, latency)
  local errors = summary.errors
  local figures = {
    requests = summary.requests,
    bytes = summary.bytes,
    microseconds = summary.duration,
    p50 = latency:percentile(50),
    p99 = latency:percentile(99),
    connect = errors.connect,
    read = errors.read,
    write = errors.write,
    status = errors.status,
    timeout = errors.timeout,
  }
  for name, value in pairs(figures) do
    io.write(string.format('figure %s=%.0f\n', name, value))
  end
end
