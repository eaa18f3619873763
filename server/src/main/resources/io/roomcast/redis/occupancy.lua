-- A node says that it is there, and in which rooms it has begun or ceased to have members. Who makes a
-- room turn from empty to filled or back has to tell of it: that is kept until it was told, and goes
-- to another node with the rooms of one that is gone.
--
-- KEYS[1] nodes: a sorted set of when each said something last, in ms; 0 when it has ended, or others
--   clean up after it. Behind it ":rooms", a hash of how many nodes have members of each room; ":by:" and
--   a node's name, the set of its rooms; ":untold:" and a node's name, a sorted set of what it is to tell,
--   each "SEQUENCE FILLED ROOM" by when it came to the node; ":sequence", the newest number given
-- ARGV[1] the node
-- ARGV[2] new: nothing is known of it; alive: it must not be gone; end: it was the last word of it
-- ARGV[3] whom to clean up after: 0 nobody, 1 those that have ended, 2 also those that are silent
-- ARGV[4] ms after which a node is silent
-- ARGV[5] what came to the node after this is news for it
-- ARGV[6] how many it has told
-- ARGV[7] and so on: these, as they came; then by twos a room, and whether it has members on this node, 1 or 0
--
-- Result: 0 when the node is gone and nothing was done, else 1; 1 when there is more to clean up, else 0;
-- then news by twos: what to tell, and when it came.

if redis.replicate_commands then
  redis.replicate_commands()
end

local ROOMS = KEYS[1] .. ':rooms'
local SEQUENCE = KEYS[1] .. ':sequence'
local BY = KEYS[1] .. ':by:'
local UNTOLD = KEYS[1] .. ':untold:'

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local node = ARGV[1]
local last = redis.call('ZSCORE', KEYS[1], node)
if last == '0' or (not last and ARGV[2] ~= 'new') then
  return {'0', '0'}
end
redis.call('ZADD', KEYS[1], now, node)

-- By the clock, so that a Redis that was emptied goes on from where it was.
local function number()
  local after = tonumber(redis.call('GET', SEQUENCE) or 0) + 1
  local given = string.format('%.0f', math.max(after, time[1] * 1000000 + time[2]))
  redis.call('SET', SEQUENCE, given)
  return given
end

local function turned(room, filled)
  local at = number()
  redis.call('ZADD', UNTOLD .. node, at, at .. ' ' .. filled .. ' ' .. room)
end

local function left(room)
  if redis.call('HINCRBY', ROOMS, room, -1) <= 0 then
    redis.call('HDEL', ROOMS, room)
    turned(room, '0')
  end
end

local told = tonumber(ARGV[6])
for i = 7, 6 + told do
  redis.call('ZREM', UNTOLD .. node, ARGV[i])
end
for i = 7 + told, #ARGV, 2 do
  local room = ARGV[i]
  if ARGV[i + 1] == '1' then
    if redis.call('SADD', BY .. node, room) == 1 and redis.call('HINCRBY', ROOMS, room, 1) == 1 then
      turned(room, '1')
    end
  elseif redis.call('SREM', BY .. node, room) == 1 or redis.call('HEXISTS', ROOMS, room) == 0 then
    -- Told also where a Redis that was emptied does not know that the room was filled.
    left(room)
  end
end

local more = '0'
local silent = ({ ['0'] = -1, ['1'] = 0, ['2'] = now - ARGV[4] })[ARGV[3]]
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], 0, silent, 'LIMIT', 0, 1)[1]
if gone then
  more = '1'
  redis.call('ZADD', KEYS[1], 0, gone)
  for _, room in ipairs(redis.call('SPOP', BY .. gone, 500)) do
    left(room)
  end
  local untold = redis.call('ZPOPMIN', UNTOLD .. gone, 500)
  for i = 1, #untold, 2 do
    redis.call('ZADD', UNTOLD .. node, number(), untold[i])
  end
  if redis.call('EXISTS', BY .. gone, UNTOLD .. gone) == 0 then
    redis.call('ZREM', KEYS[1], gone)
  end
end

local result = redis.call('ZRANGEBYSCORE', UNTOLD .. node, '(' .. ARGV[5], '+inf', 'WITHSCORES', 'LIMIT', 0, 100)
if ARGV[2] == 'end' then
  redis.call('ZADD', KEYS[1], 0, node)
end
table.insert(result, 1, more)
table.insert(result, 1, '1')
return result
