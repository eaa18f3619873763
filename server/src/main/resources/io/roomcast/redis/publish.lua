-- Publishes a message to a room that keeps a log, or with a key, or both: all in one step.
--
-- KEYS[1] the room's log, a stream; ids are <offset>-<ms since the epoch>
-- KEYS[2] the log's position, a hash: epoch, offset
-- KEYS[3] where the publish key is remembered
-- ARGV[1] the room's channel
-- ARGV[2] the message, one JSON object
-- ARGV[3] tokens for the header line, each after a space; or empty
-- ARGV[4] ms for which the key is remembered; 0 without a key
-- ARGV[5] messages that the log keeps; 0 without a log
-- ARGV[6] ms for which it keeps them
-- ARGV[7] ms for which the position is kept
-- ARGV[8] the epoch of a log that begins
--
-- Result: the message's position as <epoch>:<offset>, empty without a log. That of the first
-- message when the key is known.

if redis.replicate_commands then
  redis.replicate_commands()
end

local keyed = tonumber(ARGV[4]) > 0
if keyed then
  local first = redis.call('GET', KEYS[3])
  if first then
    return first
  end
end

local size = tonumber(ARGV[5])
local message = ARGV[2]
local header = 'rc1'
local position = ''
local offset
local epoch
if size > 0 then
  epoch = redis.call('HGET', KEYS[2], 'epoch')
  if not epoch then
    epoch = ARGV[8]
    redis.call('DEL', KEYS[1])
  end
  offset = string.format('%.0f', tonumber(redis.call('HGET', KEYS[2], 'offset') or 0) + 1)
  position = epoch .. ':' .. offset
  message = string.sub(message, 1, -2) .. ',"offset":' .. offset .. '}'
  header = header .. ' at=' .. position
end

local envelope = header .. ARGV[3] .. '\n' .. message
if size > 0 then
  local clock = redis.call('TIME')
  local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  redis.call('XADD', KEYS[1], 'MAXLEN', '=', ARGV[5],
    offset .. '-' .. string.format('%.0f', now), 'm', envelope)
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
  -- Not before the message is kept: no offset is to be spent on one that is refused.
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'offset', offset)
  redis.call('PEXPIRE', KEYS[2], ARGV[7])
  local past = now - tonumber(ARGV[6])
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local most = 64
  while oldest and most > 0 and tonumber(string.match(oldest[1], '-(%d+)$')) <= past do
    most = most - 1
    redis.call('XDEL', KEYS[1], oldest[1])
    oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  end
end
if keyed then
  -- Before PUBLISH: when there is no memory to remember the key, nothing is to be sent.
  redis.call('SET', KEYS[3], position, 'PX', ARGV[4])
end
redis.call('PUBLISH', ARGV[1], envelope)
return position
