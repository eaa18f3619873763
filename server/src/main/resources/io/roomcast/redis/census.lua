-- A node says that it is there, and what it has of some users; it hears what other nodes have of them.
--
-- KEYS[1] nodes: a sorted set of when each said something last, in ms. Behind it, after a colon and a
--   node's name, a hash of what that node has: by user, connections and rooms; and with ":news" behind
--   that a set of users whom it has, and who have come to another node or left it
-- ARGV[1] the node
-- ARGV[2] ms after which a node that says nothing is forgotten, with what it had
-- ARGV[3], ARGV[4], ARGV[5] and so on: a user, its connections and its rooms on this node
--
-- Result: 1 when the node was known, else 0; how many nodes there are, and their names; then for each
-- user how many connections, rooms and nodes with a connection others have; then some users of whom
-- there is news, for this node to ask for.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])) do
  redis.call('ZREM', KEYS[1], node)
  redis.call('DEL', KEYS[1] .. ':' .. node)
end
local mine = KEYS[1] .. ':' .. ARGV[1]
local known = redis.call('ZADD', KEYS[1], now, ARGV[1]) == 0
redis.call('PEXPIRE', KEYS[1], ARGV[2])

local users = {}
local turned = {}
for i = 3, #ARGV, 3 do
  users[#users + 1] = ARGV[i]
  local before = string.match(redis.call('HGET', mine, ARGV[i]) or '0', '^%d+')
  turned[#users] = (before == '0') ~= (ARGV[i + 1] == '0')
  if ARGV[i + 1] == '0' and ARGV[i + 2] == '0' then
    redis.call('HDEL', mine, ARGV[i])
  else
    redis.call('HSET', mine, ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2])
  end
end
redis.call('PEXPIRE', mine, ARGV[2])

local nodes = redis.call('ZRANGE', KEYS[1], 0, -1)
local sums = {}
if #users > 0 then
  for i = 1, 3 * #users do
    sums[i] = 0
  end
  for _, node in ipairs(nodes) do
    if node ~= ARGV[1] then
      local had = redis.call('HMGET', KEYS[1] .. ':' .. node, unpack(users))
      for i = 1, #users do
        if had[i] then
          local connections, rooms = string.match(had[i], '^(%d+) (%d+)$')
          sums[3 * i - 2] = sums[3 * i - 2] + connections
          sums[3 * i - 1] = sums[3 * i - 1] + rooms
          if connections ~= '0' then
            sums[3 * i] = sums[3 * i] + 1
            if turned[i] then
              redis.call('SADD', KEYS[1] .. ':' .. node .. ':news', users[i])
              redis.call('PEXPIRE', KEYS[1] .. ':' .. node .. ':news', ARGV[2])
            end
          end
        end
      end
    end
  end
end

local result = { known and '1' or '0', tostring(#nodes) }
for _, node in ipairs(nodes) do
  result[#result + 1] = node
end
for _, sum in ipairs(sums) do
  result[#result + 1] = string.format('%d', sum)
end
for _, user in ipairs(redis.call('SPOP', mine .. ':news', 100)) do
  result[#result + 1] = user
end
return result
