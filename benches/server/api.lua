-- The part of the API that a bulk invite needs. Every invite creates a session; none is stored.

local api = {}
local created = 0

local session = '{"inviteUrl":"https://app.example.com/s/%032x","session":{'
  .. '"id":"00000000-0000-4000-8000-%012x","assessmentId":"%s",'
  .. '"candidateId":"00000000-0000-4000-9000-%012x","token":"%032x","status":"invited",'
  .. '"setupStartedAt":null,"taskStartedAt":null,"submittedAt":null,"dueDate":%s,'
  .. '"createdAt":"%sZ","candidateName":"%s","candidateEmail":"%s","assessmentName":"Bench"}}'
local assessment = '{"assessment":{"id":"%s","name":"Bench","role":"Analyst","isActive":true,'
  .. '"dueDate":null,"taskTimeMinutes":60,"createdAt":"2025-01-01T00:00:00Z"}}'
local nobody = '{"sessions":[],"total":0,"limit":%d,"offset":0}'

local function answer(status, body)
  ngx.status = status
  ngx.header["Content-Length"] = #body
  ngx.print(body)
end

local function refuse(status, code, message)
  answer(status, ('{"error":{"code":"%s","message":"%s"}}'):format(code, message))
end

-- Answers an invite after a delay in seconds.
function api.invite(latency)
  ngx.req.read_body()
  local body = ngx.req.get_body_data() or ""
  local email = body:match('"email"%s*:%s*"([^"]+)"')
  if not email then
    return refuse(400, "bad_request", "`email` is missing")
  end
  local name = body:match('"name"%s*:%s*"([^"]*)"') or ""
  local due = body:match('"dueDate"%s*:%s*("[^"]*")') or "null"
  if latency > 0 then
    ngx.sleep(latency)
  end
  created = created + 1
  local id = ngx.var.uri:match("^/api/assessments/([^/]+)/")
  local time = ngx.utctime():gsub(" ", "T")
  answer(201, session:format(created, created, id, created, created, due, time, name, email))
end

-- Refuses an invite above the rate.
function api.limit()
  ngx.header["Retry-After"] = "1"
  refuse(429, "rate_limited", "too many requests")
end

-- Answers everything else. `/api/created` returns the number of sessions created since its last request.
function api.show()
  local uri = ngx.var.uri
  local id = uri:match("^/api/assessments/([^/]+)$")
  if id then
    answer(200, assessment:format(id))
  elseif uri == "/api/sessions" then
    answer(200, nobody:format(tonumber(ngx.var.arg_limit) or 20))
  elseif uri == "/api/created" then
    answer(200, tostring(created))
    created = 0
  else
    refuse(404, "not_found", "there is nothing here")
  end
end

return api
