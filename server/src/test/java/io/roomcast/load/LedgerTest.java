package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories made by hand, each with one thing wrong or none, and what the ledger says of them. */
final class LedgerTest {
  /** A clock that moves by this with every step, far more than is forgiven. */
  private static final long STEP = 1_000_000;

  private final Ledger ledger = new Ledger();
  private final int room = ledger.open("r", false);
  private final Issued alice = ledger.publisher(room);
  private final Issued bob = ledger.publisher(room);
  private final Journal one = ledger.member(room);
  private final Journal two = ledger.member(room);
  private long now;

  private long step() {
    return now += STEP;
  }

  private void joinBoth() {
    one.joined(step(), false);
    two.joined(step(), false);
  }

  /** Sends and is told that the server has it; gives the sequence. */
  private int publish(Issued flow) {
    int sequence = flow.send(step());
    flow.held(sequence, step());
    return sequence;
  }

  private void saw(Journal journal, Issued flow, int sequence) {
    ledger.saw(room, journal, flow == alice ? 0 : 1, sequence, -1);
  }

  private void bothSaw(Issued flow, int sequence) {
    saw(one, flow, sequence);
    saw(two, flow, sequence);
  }

  private static void only(Verdict verdict, String what) {
    assertThat(verdict.clean()).isFalse();
    assertThat(verdict.unsignalled()).isEqualTo(what.equals("unsignalled") ? 1 : 0);
    assertThat(verdict.duplicates()).isEqualTo(what.equals("duplicate") ? 1 : 0);
    assertThat(verdict.inversions()).isEqualTo(what.equals("inversion") ? 1 : 0);
    assertThat(verdict.corrupt()).isEqualTo(what.equals("corrupt") ? 1 : 0);
    assertThat(verdict.examples()).hasSize(1);
  }

  @Test
  void findsNothingWhereNothingIs() {
    joinBoth();
    for (int i = 0; i < 100; i++) {
      bothSaw(alice, publish(alice));
      bothSaw(bob, publish(bob));
    }
    Verdict verdict = ledger.audit();
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.published()).isEqualTo(200);
    assertThat(verdict.delivered()).isEqualTo(400);
    assertThat(verdict.signalled()).isZero();
    assertThat(verdict.examples()).isEmpty();
  }

  @Test
  void findsAHoleInTheMiddle() {
    joinBoth();
    bothSaw(alice, publish(alice));
    saw(one, alice, publish(alice));
    bothSaw(alice, publish(alice));
    only(ledger.audit(), "unsignalled");
  }

  @Test
  void findsAHoleAtTheEndOfAStayThatLasts() {
    joinBoth();
    saw(one, alice, publish(alice));
    only(ledger.audit(), "unsignalled");
  }

  @Test
  void takesAGapForASignalOfItsTimeAlone() {
    joinBoth();
    long since = step();
    publish(alice);
    long until = step();
    one.gap(since, until);
    two.gap(since, until);
    assertThat(ledger.audit().clean()).isTrue();
    assertThat(ledger.audit().signalled()).isEqualTo(2);
    assertThat(ledger.audit().gaps()).isEqualTo(2);
    saw(one, alice, publish(alice));
    only(ledger.audit(), "unsignalled");
  }

  @Test
  void takesTheEndOfAConnectionForASignalOfWhatFollows() {
    joinBoth();
    bothSaw(alice, publish(alice));
    saw(one, alice, publish(alice));
    two.ended(step());
    saw(one, alice, publish(alice));
    two.joined(step(), false);
    bothSaw(alice, publish(alice));
    Verdict verdict = ledger.audit();
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.signalled()).isEqualTo(2);
  }

  @Test
  void doesNotTakeAnEndForASignalOfWhatWasPassedOver() {
    joinBoth();
    saw(one, alice, publish(alice));
    bothSaw(bob, publish(bob));
    two.ended(step());
    only(ledger.audit(), "unsignalled");
  }

  @Test
  void wantsTheWholeOfAStayThatRecovered() {
    joinBoth();
    bothSaw(alice, publish(alice));
    two.ended(step());
    int missed = publish(alice);
    saw(one, alice, missed);
    two.joined(step(), true);
    bothSaw(alice, publish(alice));
    only(ledger.audit(), "unsignalled");
  }

  @Test
  void isContentWithAStayThatRecoveredEverything() {
    joinBoth();
    two.ended(step());
    int missed = publish(alice);
    saw(one, alice, missed);
    saw(two, alice, missed);
    two.joined(step(), true);
    bothSaw(alice, publish(alice));
    assertThat(ledger.audit().clean()).isTrue();
    assertThat(ledger.audit().signalled()).isZero();
  }

  @Test
  void owesNothingThatFailedOrCameBeforeTheJoin() {
    publish(alice);
    alice.send(step());
    joinBoth();
    alice.send(step());
    assertThat(ledger.audit().clean()).isTrue();
    assertThat(ledger.audit().published()).isEqualTo(1);
    assertThat(ledger.audit().signalled()).isZero();
  }

  @Test
  void doesNotMindThatAFailedMessageComes() {
    joinBoth();
    bothSaw(alice, alice.send(step()));
    assertThat(ledger.audit().clean()).isTrue();
  }

  @Test
  void findsADuplicate() {
    joinBoth();
    int first = publish(alice);
    bothSaw(alice, first);
    saw(two, alice, first);
    only(ledger.audit(), "duplicate");
  }

  @Test
  void findsADuplicateAcrossARecovery() {
    joinBoth();
    int first = publish(alice);
    bothSaw(alice, first);
    two.ended(step());
    saw(two, alice, first);
    two.joined(step(), true);
    only(ledger.audit(), "duplicate");
  }

  @Test
  void letsAMemberThatComesAnewSeeAMessageAgain() {
    joinBoth();
    int first = publish(alice);
    bothSaw(alice, first);
    two.ended(step());
    two.joined(step(), false);
    saw(two, alice, first);
    assertThat(ledger.audit().clean()).isTrue();
  }

  @Test
  void findsTwoMembersThatSawTwoMessagesInOppositeOrder() {
    joinBoth();
    int a = alice.send(step());
    int b = bob.send(step());
    alice.held(a, step());
    bob.held(b, step());
    saw(one, alice, a);
    saw(one, bob, b);
    saw(two, bob, b);
    saw(two, alice, a);
    only(ledger.audit(), "inversion");
  }

  @Test
  void findsThreeMembersThatNoOneOrderFits() {
    Issued carol = ledger.publisher(room);
    Journal three = ledger.member(room);
    Issued[] flows = {alice, bob, carol};
    Journal[] members = {one, two, three};
    for (Journal member : members) {
      member.joined(step(), false);
    }
    for (Issued flow : flows) {
      flow.send(step());
    }
    for (int i = 0; i < 3; i++) {
      ledger.saw(room, members[i], i, 0, -1);
      ledger.saw(room, members[i], (i + 1) % 3, 0, -1);
    }
    only(ledger.audit(), "inversion");
  }

  @Test
  void findsAPublishersMessagesInAnotherOrder() {
    joinBoth();
    int first = alice.send(step());
    int second = alice.send(step());
    alice.held(first, step());
    alice.held(second, step());
    for (Journal journal : new Journal[] {one, two}) {
      saw(journal, alice, second);
      saw(journal, alice, first);
    }
    assertThat(ledger.audit().inversions()).isEqualTo(2);
    alice.adrift(first);
    assertThat(ledger.audit().clean()).isTrue();
  }

  @Test
  void findsAMessageThatComesAfterOneSentWhenItWasThereAlready() {
    joinBoth();
    int a = publish(alice);
    int b = publish(bob);
    saw(one, bob, b);
    saw(one, alice, a);
    two.ended(step());
    only(ledger.audit(), "inversion");
  }

  @Test
  void findsWhatWasNeverSentOrWasChanged() {
    joinBoth();
    saw(one, alice, 0);
    only(ledger.audit(), "corrupt");
    ledger.saw(room, two, 7, 0, -1);
    one.corrupt();
    assertThat(ledger.audit().corrupt()).isEqualTo(3);
  }

  @Test
  void findsOffsetsThatDoNotGrowOrDiffer() {
    joinBoth();
    int first = publish(alice);
    int second = publish(alice);
    ledger.saw(room, one, 0, first, 1);
    ledger.saw(room, one, 0, second, 2);
    ledger.saw(room, two, 0, first, 1);
    ledger.saw(room, two, 0, second, 3);
    only(ledger.audit(), "inversion");
    int third = publish(alice);
    ledger.saw(room, one, 0, third, 2);
    ledger.saw(room, two, 0, third, 2);
    assertThat(ledger.audit().inversions()).isEqualTo(3);
  }

  @Test
  void countsHolesOfRoomsWithALogForThemselves() {
    int kept = ledger.open("kept", true);
    Issued flow = ledger.publisher(kept);
    Journal member = ledger.member(kept);
    joinBoth();
    member.joined(step(), false);
    publish(flow);
    publish(alice);
    for (Journal journal : new Journal[] {one, two, member}) {
      journal.ended(step());
    }
    assertThat(ledger.audit().signalled()).isEqualTo(3);
    assertThat(ledger.audit().unkept()).isEqualTo(1);
  }

  @Test
  void holdsTenMillionDeliveriesInLittleMemory() {
    joinBoth();
    for (int i = 0; i < 1_000_000; i++) {
      int sequence = alice.send(++now);
      alice.held(sequence, ++now);
      bothSaw(alice, sequence);
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    assertThat(used)
        .as("with 2 million deliveries, the tests' own included")
        .isLessThan(200L << 20);
    assertThat(ledger.audit().clean()).isTrue();
  }
}
