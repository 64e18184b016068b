package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpMarksTest {
  @Test
  void requestsSayMethodCloseAndSize() {
    int get = HttpMarks.request(false, false, 0);
    assertThat(get).isNotZero();
    assertThat(HttpMarks.isRequest(get)).isTrue();
    assertThat(HttpMarks.isResponse(get)).isFalse();
    assertThat(HttpMarks.isPost(get)).isFalse();
    assertThat(HttpMarks.isClose(get)).isFalse();
    assertThat(HttpMarks.responseBytes(get)).isZero();

    int post = HttpMarks.request(true, true, 9216);
    assertThat(HttpMarks.isPost(post)).isTrue();
    assertThat(HttpMarks.isClose(post)).isTrue();
    assertThat(HttpMarks.responseBytes(post)).isEqualTo(9216);
    assertThat(HttpMarks.withClose(post, false)).isEqualTo(HttpMarks.request(true, false, 9216));
  }

  @Test
  void largeSizesAreRoundedUpToPages() {
    int exact = (1 << 23) - 1;
    assertThat(HttpMarks.responseBytes(HttpMarks.request(false, false, exact))).isEqualTo(exact);
    assertThat(HttpMarks.responseBytes(HttpMarks.request(true, true, exact + 2)))
        .isEqualTo(exact + 1 + 4096);
    assertThat(HttpMarks.responseBytes(HttpMarks.request(false, false, Integer.MAX_VALUE)))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void everyStatusAndCauseArrives() {
    for (FailureCause cause : FailureCause.values()) {
      for (int status : new int[] {200, 502, 503, 504, 599}) {
        int mark = HttpMarks.response(status, cause, false);
        assertThat(HttpMarks.isResponse(mark)).isTrue();
        assertThat(HttpMarks.isClose(mark)).isFalse();
        assertThat(HttpMarks.status(mark)).isEqualTo(status);
        assertThat(HttpMarks.cause(mark)).isEqualTo(cause);
      }
    }
    assertThat(HttpMarks.isClose(HttpMarks.response(200, FailureCause.NONE, true))).isTrue();
  }
}
