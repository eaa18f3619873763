-- States who is in a room by one node, or takes a part of what a node that is gone has stated. Who
-- has come by it, and who has gone, is published, so that both take turns for each user. Another
-- info of who is there already is published as if the user had come: nodes tell the two apart.
--
-- KEYS[1] who is in the room by any node: a sorted set, all scores 0
-- KEYS[2] a hash: by how many nodes each user is there; under the empty name, sessions in all
-- KEYS[3] who is there by this node: a hash of sessions by user; and, after a space, which of the
--         node's joins brought the info that it has stated, if it has stated any
-- KEYS[4] what others may know of users: a hash of infos by user, of those who have one
-- ARGV[1] the room's channel
-- ARGV[2] the room's name as a JSON string
-- ARGV[3] 0; or of how many users the statements are to be taken back
-- ARGV[4], ARGV[5] and so on: a user, and how many sessions of it this node has now;
--         and, each after a space, which of its joins brought the user's info, and the info
--
-- Result: a list of one number, the users that this node has stated and that still stand.

if redis.replicate_commands then
  redis.replicate_commands()
end

local function tell(what, user, info)
  redis.call('PUBLISH', ARGV[1], 'rc1\n{"type":"' .. what .. '","room":' .. ARGV[2] ..
    ',"user":' .. cjson.encode(user) .. (info and ',"info":' .. info or '') .. '}')
end

-- Returns the info when it has come by a join that is new, and is not what is known.
local function another(user, info)
  if info and redis.call('HGET', KEYS[4], user) ~= info then
    redis.call('HSET', KEYS[4], user, info)
    return info
  end
end

local function state(user, now)
  local entry, info = now:match('^(%d+ %d+) (.+)$')
  entry = entry or now
  local stated = redis.call('HGET', KEYS[3], user) or '0'
  if entry == stated then
    return
  end
  local sessions = tonumber(entry:match('^%d+'))
  local before = tonumber(stated:match('^%d+'))
  if sessions ~= before then
    redis.call('HINCRBY', KEYS[2], '', sessions - before)
  end
  if sessions > 0 then
    redis.call('HSET', KEYS[3], user, entry)
  else
    redis.call('HDEL', KEYS[3], user)
  end
  if entry:match(' .*') == stated:match(' .*') then
    info = nil
  end
  info = another(user, info)
  if before == 0 then
    redis.call('HINCRBY', KEYS[2], user, 1)
    if redis.call('ZADD', KEYS[1], 0, user) == 1 or info then
      tell('joined', user, info)
    end
  elseif info then
    tell('joined', user, info)
  elseif sessions == 0 and redis.call('HINCRBY', KEYS[2], user, -1) <= 0 then
    redis.call('HDEL', KEYS[2], user)
    redis.call('HDEL', KEYS[4], user)
    if redis.call('ZREM', KEYS[1], user) == 1 then
      tell('left', user)
    end
  end
end

for i = 4, #ARGV, 2 do
  state(ARGV[i], ARGV[i + 1])
end
if ARGV[3] ~= '0' then
  for _, user in ipairs(redis.call('HRANDFIELD', KEYS[3], ARGV[3])) do
    state(user, '0')
  end
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2], KEYS[4])
end
return {tostring(redis.call('HLEN', KEYS[3]))}
