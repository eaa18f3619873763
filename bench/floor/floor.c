/*
 * The floor: the least that a server of rooms over WebSocket can do on this kernel, to compare
 * others with. One thread, no Redis, no limits, no care for slow readers: it waits for them.
 *
 *   floor PORT send          one send() for each member and message
 *   floor PORT send joined   one send() for each member and room of a turn of the loop
 *   floor PORT uring         all sends of a turn in one io_uring batch
 *   floor PORT uring joined  the same, a room's messages of the turn joined
 *
 * It understands {"type":"SUBSCRIBE|UNSUBSCRIBE|sendMessage","room":"...","message":...} in this
 * spelling and order, found by searching bytes, one room a connection at a time, and answers the
 * first two when they carry an "id". Only frames below 64 KiB, unfragmented.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { READ_BYTES = 256 * 1024, EVENTS = 4096, RING = 4096, TABLE = 1 << 17, NAME_BYTES = 200 };

typedef struct room Room;
typedef struct {
  int fd;
  int open;      /* upgraded to WebSocket */
  Room *room;    /* joined */
  int place;     /* in room->members */
  char *rest;    /* an unfinished frame */
  size_t rested;
} Conn;

struct room {
  char name[NAME_BYTES + 1];
  Conn **members;
  int count, room_for;
  char *out;          /* what the turn has for its members */
  size_t out_len, out_room;
  int dirty;
};

static int uring, joined, epoll_fd;
static Room *table[TABLE], *dirty[TABLE];
static int dirty_count;
static char input[READ_BYTES];

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* ---- handshake: base64(sha1(key + GUID)) ---- */

static uint32_t rol(uint32_t v, int n) { return v << n | v >> (32 - n); }

static void sha1(const uint8_t *in, size_t len, uint8_t out[20]) {
  uint8_t block[128] = {0}; /* the key and the GUID are 60 bytes, so two blocks hold all */
  size_t total = len + 9 <= 64 ? 64 : 128;
  memcpy(block, in, len);
  block[len] = 0x80;
  block[total - 2] = (uint8_t)(len * 8 >> 8);
  block[total - 1] = (uint8_t)(len * 8);
  uint32_t w[80], h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (size_t at = 0; at < total; at += 64) {
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++) memcpy(&w[i], block + at + i * 4, 4), w[i] = htonl(w[i]);
    for (int i = 16; i < 80; i++) w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
      static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
      uint32_t f = i < 20 ? (b & c) | (~b & d) : b ^ c ^ d;
      if (i / 20 == 2) f = (b & c) | (b & d) | (c & d);
      uint32_t t = rol(a, 5) + f + e + k[i / 20] + w[i];
      e = d, d = c, c = rol(b, 30), b = a, a = t;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) out[i] = (uint8_t)(h[i / 4] >> (24 - i % 4 * 8));
}

static void accept_key(const char *key, size_t len, char out[29]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t text[64 + 36], hash[21] = {0};
  memcpy(text, key, len);
  memcpy(text + len, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
  sha1(text, len + 36, hash);
  for (int i = 0, o = 0; i < 21; i += 3) {
    uint32_t v = (uint32_t)hash[i] << 16 | (uint32_t)hash[i + 1] << 8 | hash[i + 2];
    for (int s = 18; s >= 0; s -= 6) out[o++] = digits[v >> s & 63];
  }
  out[27] = '=';
  out[28] = 0;
}

/* ---- sending ---- */

/* Sends all of it, waiting for a reader that is slow. A broken connection shows when it is read. */
static void send_all(int fd, const char *bytes, size_t len) {
  while (len > 0) {
    ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      bytes += n, len -= (size_t)n;
    } else if (errno == EAGAIN) {
      struct pollfd p = {.fd = fd, .events = POLLOUT};
      poll(&p, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

typedef struct {
  int fd;
  uint32_t len;
  const char *bytes;
} Send;

static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static unsigned *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
static Send under_way[RING];
static unsigned queued;
static int ring_fd;

static void open_ring(void) {
  struct io_uring_params p = {0};
  p.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  ring_fd = (int)syscall(SYS_io_uring_setup, RING, &p);
  if (ring_fd < 0) die("io_uring_setup");
  size_t sq_bytes = p.sq_off.array + p.sq_entries * sizeof(unsigned);
  size_t cq_bytes = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
  int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_POPULATE;
  char *sq = mmap(0, sq_bytes, prot, flags, ring_fd, IORING_OFF_SQ_RING);
  char *cq = mmap(0, cq_bytes, prot, flags, ring_fd, IORING_OFF_CQ_RING);
  sqes = mmap(0, p.sq_entries * sizeof *sqes, prot, flags, ring_fd, IORING_OFF_SQES);
  if (sq == MAP_FAILED || cq == MAP_FAILED || (void *)sqes == MAP_FAILED) die("mmap");
  sq_tail = (unsigned *)(sq + p.sq_off.tail);
  sq_mask = (unsigned *)(sq + p.sq_off.ring_mask);
  sq_array = (unsigned *)(sq + p.sq_off.array);
  cq_head = (unsigned *)(cq + p.cq_off.head);
  cq_tail = (unsigned *)(cq + p.cq_off.tail);
  cq_mask = (unsigned *)(cq + p.cq_off.ring_mask);
  cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
}

/* Hands the batch to the kernel and waits for all of it; what was cut short is sent by hand. */
static void submit(void) {
  unsigned left = queued, submitted = 0;
  while (left > 0) {
    int n = (int)syscall(SYS_io_uring_enter, ring_fd, queued - submitted, left,
                         IORING_ENTER_GETEVENTS, 0, 0);
    if (n < 0 && errno != EINTR) die("io_uring_enter");
    if (n > 0) submitted += (unsigned)n;
    unsigned head = *cq_head, tail = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
    for (; head != tail; head++, left--) {
      struct io_uring_cqe *c = &cqes[head & *cq_mask];
      Send *s = &under_way[c->user_data];
      uint32_t sent = c->res > 0 ? (uint32_t)c->res : 0;
      if (sent < s->len && (c->res >= 0 || c->res == -EAGAIN))
        send_all(s->fd, s->bytes + sent, s->len - sent);
    }
    __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
  }
  queued = 0;
}

static void queue_send(int fd, const char *bytes, size_t len) {
  if (queued == RING) submit();
  unsigned tail = *sq_tail, at = tail & *sq_mask;
  under_way[queued] = (Send){fd, (uint32_t)len, bytes};
  sqes[at] = (struct io_uring_sqe){.opcode = IORING_OP_SEND,
                                   .fd = fd,
                                   .addr = (uint64_t)(uintptr_t)bytes,
                                   .len = (uint32_t)len,
                                   .msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT,
                                   .user_data = queued};
  sq_array[at] = at;
  queued++;
  __atomic_store_n(sq_tail, tail + 1, __ATOMIC_RELEASE);
}

static void fan_out(Room *r, const char *bytes, size_t len) {
  for (int i = 0; i < r->count; i++)
    (uring ? queue_send : send_all)(r->members[i]->fd, bytes, len);
}

/* Sends what the turn has left in the rooms. */
static void end_turn(void) {
  for (int i = 0; i < dirty_count; i++) {
    Room *r = dirty[i];
    if (joined) fan_out(r, r->out, r->out_len);
    for (size_t at = 0; !joined && at < r->out_len;) {
      uint32_t len;
      memcpy(&len, r->out + at, sizeof len);
      fan_out(r, r->out + at + sizeof len, len);
      at += sizeof len + len;
    }
  }
  if (queued) submit();
  for (int i = 0; i < dirty_count; i++) dirty[i]->out_len = 0, dirty[i]->dirty = 0;
  dirty_count = 0;
}

/* ---- rooms ---- */

static Room *find_room(const char *name, size_t len) {
  if (len > NAME_BYTES) len = NAME_BYTES;
  uint32_t h = 2166136261u;
  for (size_t i = 0; i < len; i++) h = (h ^ (uint8_t)name[i]) * 16777619u;
  for (uint32_t i = h % TABLE;; i = (i + 1) % TABLE) {
    if (!table[i]) memcpy((table[i] = calloc(1, sizeof(Room)))->name, name, len);
    if (!memcmp(table[i]->name, name, len) && !table[i]->name[len]) return table[i];
  }
}

static void leave(Conn *c) {
  Room *r = c->room;
  if (!r) return;
  Conn *last = r->members[c->place] = r->members[--r->count];
  last->place = c->place;
  c->room = 0;
}

static void join(Conn *c, Room *r) {
  leave(c);
  if (r->count == r->room_for) {
    r->room_for = r->room_for ? r->room_for * 2 : 4;
    r->members = realloc(r->members, (size_t)r->room_for * sizeof *r->members);
  }
  c->room = r;
  r->members[c->place = r->count++] = c;
}

static size_t header(char *out, size_t len) {
  out[0] = (char)0x81;
  out[1] = (char)(len < 126 ? len : 126);
  if (len < 126) return 2;
  out[2] = (char)(len >> 8);
  out[3] = (char)len;
  return 4;
}

static void publish(Room *r, const char *message, size_t len) {
  if (!r->dirty) r->dirty = 1, dirty[dirty_count++] = r;
  size_t need = r->out_len + len + NAME_BYTES + 64;
  if (need > r->out_room) r->out = realloc(r->out, r->out_room = need * 2);
  char *start = r->out + r->out_len + (joined ? 0 : sizeof(uint32_t));
  size_t text = 39 + strlen(r->name) + len;
  size_t head = header(start, text);
  int n = sprintf(start + head, "{\"type\":\"message\",\"room\":\"%s\",\"message\":", r->name);
  memcpy(start + head + n, message, len);
  start[head + (size_t)n + len] = '}';
  uint32_t all = (uint32_t)(head + text);
  if (!joined) memcpy(start - sizeof all, &all, sizeof all);
  r->out_len = (size_t)(start - r->out) + all;
  if (!uring && !joined) end_turn();
}

static void reply(Conn *c, const char *type, Room *r, const char *id, size_t id_len) {
  char out[512];
  int n = snprintf(out + 2, 124, "{\"type\":\"%s\",\"id\":%.*s,\"room\":\"%s\"}", type, (int)id_len,
                   id, r->name);
  if (n > 123) n = 123;
  header(out, (size_t)n);
  send_all(c->fd, out, (size_t)n + 2);
}

/* The value that begins after the key, up to the end byte; *len is 0 when there is none. */
static char *value(char *text, size_t text_len, const char *key, char end, size_t *len) {
  char *at = memmem(text, text_len, key, strlen(key));
  if (!at) return *len = 0, text;
  at += strlen(key);
  char *to = memchr(at, end, (size_t)(text + text_len - at));
  return *len = to ? (size_t)(to - at) : 0, at;
}

static void command(Conn *c, char *text, size_t len) {
  static const char MESSAGE[] = "\"message\":";
  size_t type_len, room_len, id_len;
  char *type = value(text, len, "\"type\":\"", '"', &type_len);
  char *room = value(text, len, "\"room\":\"", '"', &room_len);
  if (!type_len || !room_len) return;
  Room *r = find_room(room, room_len);
  if (*type == 's') {
    char *message = memmem(text, len, MESSAGE, sizeof MESSAGE - 1);
    if (!message) return;
    message += sizeof MESSAGE - 1;
    return publish(r, message, (size_t)(text + len - message) - 1);
  }
  if (*type == 'S') join(c, r);
  else if (c->room == r) leave(c);
  char *id = value(text, len, "\"id\":", ',', &id_len);
  if (id_len) reply(c, *type == 'S' ? "subscribed" : "unsubscribed", r, id, id_len);
}

/* ---- connections ---- */

static size_t handshake(Conn *c, char *in, size_t len) {
  char *end = memmem(in, len, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t key_len;
  char *key = value(in, len, "Sec-WebSocket-Key: ", '\r', &key_len);
  char out[256], accept[29];
  accept_key(key, key_len > 64 ? 64 : key_len, accept);
  int n = sprintf(out,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                  accept);
  send_all(c->fd, out, (size_t)n);
  c->open = 1;
  return (size_t)(end + 4 - in);
}

/* Takes one frame; 0 when it is not there in full, -1 when the connection is to be closed. */
static long frame(Conn *c, char *in, size_t have) {
  if (have < 6) return 0;
  size_t len = in[1] & 0x7f, head = 2;
  if (len == 126) len = (size_t)(uint8_t)in[2] << 8 | (uint8_t)in[3], head = 4;
  if (len == 127) return -1;
  if (have < head + 4 + len) return 0;
  char *mask = in + head, *text = mask + 4;
  for (size_t i = 0; i < len; i++) text[i] ^= mask[i & 3];
  int opcode = in[0] & 15;
  if (opcode == 1) command(c, text, len);
  if (opcode == 8 || opcode == 9) {
    char out[128] = {(char)(opcode == 8 ? 0x88 : 0x8a), (char)(len & 0x7f)};
    memcpy(out + 2, text, len > 125 ? 125 : len);
    send_all(c->fd, out, len + 2);
    if (opcode == 8) return -1;
  }
  return (long)(head + 4 + len);
}

static void drop(Conn *c) {
  leave(c);
  close(c->fd);
  free(c->rest);
  free(c);
}

static void readable(Conn *c) {
  memcpy(input, c->rest, c->rested);
  ssize_t n = recv(c->fd, input + c->rested, READ_BYTES - c->rested, 0);
  if (n <= 0) return drop(c);
  size_t have = c->rested + (size_t)n, at = 0;
  if (!c->open) at = handshake(c, input, have);
  while (c->open && at < have) {
    long taken = frame(c, input + at, have - at);
    if (taken < 0) return drop(c);
    if (taken == 0) break;
    at += (size_t)taken;
  }
  free(c->rest);
  c->rest = 0;
  c->rested = have - at;
  if (c->rested) memcpy(c->rest = malloc(c->rested), input + at, c->rested);
}

static void accept_all(int listener) {
  int on = 1, fd;
  while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Conn *c = calloc(1, sizeof *c);
    c->fd = fd;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "floor PORT send|uring [joined]\n"), 2;
  uring = !strcmp(argv[2], "uring");
  joined = argc > 3 && !strcmp(argv[3], "joined");
  if (uring) open_ring();
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)atoi(argv[1])),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&to, sizeof to) || listen(listener, 4096)) die("listen");
  epoll_fd = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = 0}, events[EVENTS];
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
  for (;;) {
    int n = epoll_wait(epoll_fd, events, EVENTS, -1);
    for (int i = 0; i < n; i++) {
      events[i].data.ptr ? readable(events[i].data.ptr) : accept_all(listener);
    }
    end_turn();
  }
}
