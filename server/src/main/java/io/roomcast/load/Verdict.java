package io.roomcast.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a ledger says of a run.
 *
 * @param published messages that the server said it has
 * @param delivered messages that members saw, repeats included
 * @param gaps how often members were told of one
 * @param signalled messages that a member did not see and was told so: by a gap, or by the end of
 *     its connection without recovery
 * @param unkept those of them in rooms that were to have a log
 * @param unsignalled messages that a member did not see without being told
 * @param duplicates messages that came again within one stay
 * @param inversions messages in another order than at another member, than their publisher sent
 *     them in, or than one was sent after the other was known to be there
 * @param corrupt messages that were not what was sent, or not to this room
 * @param examples of what must not be, in words; some
 */
public record Verdict(
    long published,
    long delivered,
    long gaps,
    long signalled,
    long unkept,
    long unsignalled,
    long duplicates,
    long inversions,
    long corrupt,
    List<String> examples) {
  private static final int EXAMPLES = 12;

  /** Of nothing at all. */
  public static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  /** Copies the list. */
  public Verdict {
    examples = List.copyOf(examples);
  }

  /** Whether nothing happened that must not. */
  public boolean clean() {
    return unsignalled == 0 && duplicates == 0 && inversions == 0 && corrupt == 0;
  }

  /** Both together, of two ledgers. */
  public Verdict plus(Verdict other) {
    List<String> all = new ArrayList<>(examples);
    all.addAll(other.examples);
    return new Verdict(
        published + other.published,
        delivered + other.delivered,
        gaps + other.gaps,
        signalled + other.signalled,
        unkept + other.unkept,
        unsignalled + other.unsignalled,
        duplicates + other.duplicates,
        inversions + other.inversions,
        corrupt + other.corrupt,
        all);
  }

  /** One line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d published, %,d delivered; holes: %,d signalled (%,d in rooms with a log; %,d gaps), %,d unsignalled;"
            + " %,d duplicates, %,d inversions, %,d corrupt",
        published,
        delivered,
        signalled,
        unkept,
        gaps,
        unsignalled,
        duplicates,
        inversions,
        corrupt);
  }

  /** Adds up. */
  static final class Sum {
    long published;
    long delivered;
    long gaps;
    long signalled;
    long unkept;
    long unsignalled;
    long duplicates;
    long inversions;
    long corrupt;
    private final List<String> examples = new ArrayList<>();

    void example(String text) {
      if (examples.size() < EXAMPLES) {
        examples.add(text);
      }
    }

    Verdict verdict() {
      return new Verdict(
          published,
          delivered,
          gaps,
          signalled,
          unkept,
          unsignalled,
          duplicates,
          inversions,
          corrupt,
          examples);
    }
  }
}
