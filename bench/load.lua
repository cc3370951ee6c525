-- What wrk sends and reports. Arguments: method, bytes of the request's body, one path or more.

function init(args)
  wrk.method = args[1]
  local bytes = tonumber(args[2])
  if bytes > 0 then wrk.body = string.rep('x', bytes) end
  wrk.path = args[3]

  -- With one path, wrk makes the request once and never enters Lua again. Only several paths need more.
  if #args == 3 then return end
  local requests = {}
  for index = 3, #args do
    requests[#requests + 1] = wrk.format(nil, args[index])
  end
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
