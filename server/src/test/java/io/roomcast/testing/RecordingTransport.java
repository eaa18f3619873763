package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.CloseCode;
import io.roomcast.room.Encoding;
import io.roomcast.room.Outgoing;
import io.roomcast.room.Publication;
import io.roomcast.room.Transport;
import java.util.ArrayList;
import java.util.List;

/** A wire that keeps what was written. Not thread-safe: for one loop, as a real one. */
public final class RecordingTransport implements Transport {
  /** JSON objects, in order, whichever way they came. */
  private final List<String> unread = new ArrayList<>();

  private Runnable onWrite = () -> {};
  private Runnable onFlush = () -> {};
  private Runnable onClose = () -> {};
  private int most = Integer.MAX_VALUE;
  private int roomWrites;
  private int flushes;
  private int unflushed;
  private final List<CloseCode> closes = new ArrayList<>();

  /** Runs before each write is noted: a place to close or fail from within. */
  public RecordingTransport onWrite(Runnable action) {
    onWrite = action;
    return this;
  }

  /** Runs within each flush. */
  public RecordingTransport onFlush(Runnable action) {
    onFlush = action;
    return this;
  }

  /** Runs within each close. */
  public RecordingTransport onClose(Runnable action) {
    onClose = action;
    return this;
  }

  @Override
  public Encoding encoding() {
    return RecordedFrame.ENCODING;
  }

  @Override
  public boolean write(Outgoing outgoing) {
    onWrite.run();
    RecordedFrame frame = (RecordedFrame) outgoing.frame(RecordedFrame.ENCODING);
    roomWrites++;
    unflushed++;
    unread.addAll(frame.texts());
    return true;
  }

  @Override
  public void write(byte[] json) {
    onWrite.run();
    unflushed++;
    unread.add(new String(json, UTF_8));
  }

  @Override
  public void flush() {
    flushes++;
    unflushed = 0;
    onFlush.run();
  }

  /** Is writable while fewer than so many are unread. Whoever reads says so to the session. */
  public void holds(int count) {
    most = count;
  }

  @Override
  public boolean writable() {
    return unread.size() < most;
  }

  @Override
  public void close(CloseCode code, String text, long reconnectAfterMillis) {
    closes.add(code);
    onClose.run();
  }

  /** What was written since the last call. */
  public List<String> take() {
    List<String> taken = List.copyOf(unread);
    unread.clear();
    return taken;
  }

  /** How many there are to {@link #take}. */
  public int waiting() {
    return unread.size();
  }

  /** Writes of what went to a whole room. */
  public int roomWrites() {
    return roomWrites;
  }

  public int flushes() {
    return flushes;
  }

  /** Writes since the last flush. */
  public int unflushed() {
    return unflushed;
  }

  public List<CloseCode> closes() {
    return List.copyOf(closes);
  }

  /** A frame that counts its releases. */
  public static final class RecordedFrame implements Encoding.Frame {
    /** Every frame that was made and not yet released is counted by {@link #open()}. */
    static final Encoding ENCODING =
        new Encoding() {
          @Override
          public int slot() {
            return 3;
          }

          @Override
          public Frame encode(List<Publication> publications) {
            open.set(open.get() + 1);
            return new RecordedFrame(publications);
          }
        };

    private static final ThreadLocal<Integer> open = ThreadLocal.withInitial(() -> 0);

    private final List<String> texts;
    private boolean released;

    private RecordedFrame(List<Publication> publications) {
      texts = publications.stream().map(p -> new String(p.json(), UTF_8)).toList();
    }

    private List<String> texts() {
      if (released) {
        throw new AssertionError("a frame is used after its release");
      }
      return texts;
    }

    @Override
    public void release() {
      if (released) {
        throw new AssertionError("a frame is released twice");
      }
      released = true;
      open.set(open.get() - 1);
    }

    /** Frames made on this thread and not released. */
    public static int open() {
      return open.get();
    }
  }
}
