package dev.halfopen.claims;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All claims of both notes, in order. */
public final class Claims {
  private final List<Claim> claims = new ArrayList<>();

  public Claims() {
    claims.addAll(NoteA.claims());
    claims.addAll(NoteB.claims());
  }

  /** A1 to A17, B1 to B15. */
  public List<String> ids() {
    return claims.stream().map(Claim::id).toList();
  }

  /** Simulates the chosen claims side by side; the results are in the order of the notes. */
  public List<ClaimResult> run(Collection<String> chosen) {
    return claims.parallelStream().filter(c -> chosen.contains(c.id())).map(Claim::judge).toList();
  }
}
