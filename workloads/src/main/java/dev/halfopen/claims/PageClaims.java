package dev.halfopen.claims;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.FailureCause;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;

/** Pages that are made of several requests, asked for by the proxy or by the browser. */
final class PageClaims {
  private static final int IMAGES = 10;
  private static final int PAGES_PER_SECOND = 60;
  private static final int PORTS = 28_232;

  /** TIME_WAIT's length where ports run out: 60 s and the timer wheel's rounding. */
  private static final double CYCLE_S = 61.44;

  private PageClaims() {}

  /** A11. */
  static void portsOfAPage(Evidence evidence) {
    atTheProxy(evidence);
    atTheBrowser(evidence);
  }

  private static void atTheProxy(Evidence evidence) {
    Lab lab = new Lab();
    Machine proxy = lab.machine("proxy");
    Machine browsers = lab.farm("browsers", KernelProfile.LINUX_6_18, 50);
    lab.cable(browsers, proxy).cable(proxy, lab.server);
    ReverseProxyConfig relay = new ReverseProxyConfig();
    relay.listenPort = Lab.PORT;
    relay.upstreamAddresses = new int[] {lab.server.address()};
    relay.fanOut = IMAGES;
    proxy.runs(new ReverseProxy(relay));
    lab.server.runs(new OriginServer(new OriginServerConfig()));
    ClientFarm pages = load(browsers, proxy, PAGES_PER_SECOND, 0);
    lab.run(125);
    pages.finish(lab.nowNs());
    LoadStats stats = pages.stats();
    long fromNs = stats.firstReturnNs();
    long toNs = fromNs + (long) (CYCLE_S * Say.SECOND_NS);
    double sustained = stats.successes().within(fromNs, toNs) / CYCLE_S;
    evidence.show(
        stats.succeededBeforeFirstFailure() == PORTS / IMAGES
            && Say.isBetween(sustained, 45.0, 46.1)
            && stats.failures(FailureCause.EADDRNOTAVAIL) == stats.failed(),
        "a proxy that opens "
            + IMAGES
            + " connections a page serves "
            + Say.grouped(stats.succeededBeforeFirstFailure())
            + " pages at "
            + PAGES_PER_SECOND
            + "/s, until "
            + Say.time(Say.seconds(stats.firstFailureDueNs()))
            + ", then "
            + Say.number(sustained, 1)
            + " pages/s");
  }

  private static void atTheBrowser(Evidence evidence) {
    Lab lab = new Lab();
    Machine browsers = lab.farm("browsers", KernelProfile.LINUX_6_18, 50);
    lab.cable(browsers, lab.server);
    OriginServerConfig web = new OriginServerConfig();
    web.listenPort = Lab.PORT;
    lab.server.runs(new OriginServer(web));
    ClientFarm images = load(browsers, lab.server, PAGES_PER_SECOND * IMAGES, 1);
    lab.run(65);
    images.finish(lab.nowNs());
    LoadStats stats = images.stats();
    evidence.show(
        stats.failed() == 0
            && stats.succeeded() > 38_000
            && lab.server.counter(Mib.ACTIVE_OPENS) == 0
            && lab.server.timeWaits() == 0,
        "browsers that open them themselves get all of "
            + Say.grouped(stats.succeeded())
            + " images from a listening server, which has opened "
            + lab.server.counter(Mib.ACTIVE_OPENS)
            + " connections and holds "
            + lab.server.timeWaits()
            + " ports in TIME_WAIT");
  }

  private static ClientFarm load(Machine from, Machine to, int perSecond, int perConnection) {
    ClientFarmConfig config = new ClientFarmConfig();
    config.serverAddress = to.address();
    config.serverPort = Lab.PORT;
    config.rateCount = perSecond;
    config.requestsPerClientConnection = perConnection;
    ClientFarm farm = new ClientFarm(config);
    from.runs(farm);
    return farm;
  }
}
