-- Reads a part of a room's log, and where the log stands. For members, a room that has none yet gets
-- an epoch; and a log that has lost what they have seen gets another one, and loses the rest too, so
-- that no older position is taken for one of it.
--
-- KEYS[1] the room's log, a stream; ids are <offset>-<ms since the epoch>
-- KEYS[2] the log's position, a hash: epoch, offset
-- ARGV[1] the first offset that is wanted
-- ARGV[2] the last offset that is wanted, or +
-- ARGV[3] how many messages at most
-- ARGV[4] how many bytes of them at most, but always one message
-- ARGV[5] 1 when those next to the last offset are wanted, 0 for those next to the first
-- ARGV[6] ms for which the log keeps messages
-- ARGV[7] the epoch of a log that begins; empty to begin none
-- ARGV[8] the epoch that members have seen, or empty
-- ARGV[9] the newest offset of it that they have seen
-- ARGV[10] ms for which the position of a log without any message is kept
-- ARGV[11] how many bytes a message may have
--
-- Result: epoch (empty when there is no log), newest offset, oldest offset that is kept (newest + 1 when none is), and then
-- the messages as they were published, header line included: in ascending order, or descending
-- when ARGV[5] is 1.

if redis.replicate_commands then
  redis.replicate_commands()
end

local epoch = redis.call('HGET', KEYS[2], 'epoch')
local top = tonumber(redis.call('HGET', KEYS[2], 'offset') or 0)
local begin = ARGV[7] ~= ''
if begin and epoch == ARGV[8] and tonumber(ARGV[9]) > top then
  epoch = false
end
if not epoch and not begin then
  return {'', '0', '1'}
end
if not epoch then
  epoch = ARGV[7]
  top = 0
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'offset', 0)
end
if begin and top == 0 then
  -- Nobody misses a position at which nothing ever followed.
  redis.call('PEXPIRE', KEYS[2], ARGV[10])
end

local clock = redis.call('TIME')
local past = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000) - tonumber(ARGV[6])
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
while oldest and tonumber(string.match(oldest[1], '-(%d+)$')) <= past do
  redis.call('XDEL', KEYS[1], oldest[1])
  oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
end
local first = oldest and string.match(oldest[1], '^(%d+)') or string.format('%.0f', top + 1)

local result = {epoch, string.format('%.0f', top), first}
local limit = tonumber(ARGV[3])
local bytes = tonumber(ARGV[4])
local largest = tonumber(ARGV[11])
local newest = ARGV[5] == '1'
local from = ARGV[1]
local to = ARGV[2]
local taken = 0
while taken < limit do
  -- Never more than may be answered, but one.
  local count = math.max(1, math.min(16, limit - taken, math.floor(bytes / largest)))
  local some
  if newest then
    some = redis.call('XREVRANGE', KEYS[1], to, from, 'COUNT', count)
  else
    some = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', count)
  end
  for _, entry in ipairs(some) do
    local message = entry[2][2]
    bytes = bytes - #message
    if bytes < 0 and taken > 0 then
      return result
    end
    result[#result + 1] = message
    taken = taken + 1
  end
  if #some < count then
    return result
  end
  local last = some[#some][1]
  if newest then
    to = '(' .. last
  else
    from = '(' .. last
  end
end
return result
