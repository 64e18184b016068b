// What halfopen is compared with: the same work in ns-3 (www.nsnam.org, Debian's libns3-dev), written against its
// public API. Prints one RESULT line with process CPU time, which is the simulation's: ns-3 runs on one thread.
//
//   driver churn SECONDS RATE [CLIENTS]  connect, 200 bytes, 1000 bytes, close by the client, TIME_WAIT of 60 s
//   driver idle  CONNECTIONS      established connections and the memory that they take
//   driver flood SYNS             SYNs with forged sources, a listener that answers each
//   driver bulk  SECONDS          10 lossless connections, 10 Gbit/s, 1 ms, segments of 1448 bytes
//
// Clients are 32 nodes (ten for bulk, one for flood), each on a link of its own to the one server, 10.4 ms away (bulk:
// 0.5 ms). What would only cost time is left out: queueing disciplines, IPv6, checksums, traces but for one counter.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using namespace ns3;

namespace {

const uint16_t kPort = 80;
const uint32_t kRequest = 200;
const uint32_t kResponse = 1000;
const uint32_t kClients = 32; // a few: ns-3 looks up routes and ports in lists

uint64_t packets = 0;
uint64_t completed = 0;
uint64_t failed = 0;

double CpuSeconds() {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

uint64_t ResidentBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, 6, "VmRSS:") == 0) {
      return 1024 * std::strtoull(line.c_str() + 6, nullptr, 10);
    }
  }
  return 0;
}

void CountPacket(Ptr<const Packet>, Ptr<Ipv4>, uint32_t) { packets++; }

// One server and a node for every client, each on a link of its own.
struct Net {
  Ptr<Node> server = CreateObject<Node>();
  NodeContainer clients;
  std::vector<Ipv4Address> serverAddress;

  Net(uint32_t count, const char* rate, const char* delay) {
    clients.Create(count);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(server);
    stack.Install(clients);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", StringValue(delay));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("100000p"));
    Ipv4AddressHelper addresses;
    addresses.SetBase("10.0.0.0", "255.255.255.252");
    Ipv4StaticRoutingHelper routing;
    for (uint32_t i = 0; i < count; i++) {
      NetDeviceContainer ends = link.Install(server, clients.Get(i));
      Ipv4InterfaceContainer at = addresses.Assign(ends);
      addresses.NewNetwork();
      TrafficControlHelper().Uninstall(ends); // a queueing discipline costs time and drops nothing here
      serverAddress.push_back(at.GetAddress(0));
      Ptr<Ipv4StaticRouting> back = routing.GetStaticRouting(server->GetObject<Ipv4>());
      if (i == 0) {
        back->SetDefaultRoute(at.GetAddress(1), server->GetObject<Ipv4>()->GetInterfaceForDevice(ends.Get(0)));
      }
    }
    server->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext("Rx", MakeCallback(&CountPacket));
    for (uint32_t i = 0; i < count; i++) {
      clients.Get(i)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext("Rx", MakeCallback(&CountPacket));
    }
  }
};

uint32_t ReadAll(Ptr<Socket> socket) {
  uint32_t bytes = 0;
  while (Ptr<Packet> p = socket->Recv()) {
    if (p->GetSize() == 0) {
      break;
    }
    bytes += p->GetSize();
  }
  return bytes;
}

// ---- the server of churn and idle: answers a request of 200 bytes, closes after the client.
void ServerRecv(Ptr<Socket> socket) {
  if (ReadAll(socket) > 0) {
    socket->Send(Create<Packet>(kResponse));
  }
}
void ServerPeerClosed(Ptr<Socket> socket) { socket->Close(); }
void ServerAccept(Ptr<Socket> socket, const Address&) {
  socket->SetRecvCallback(MakeCallback(&ServerRecv));
  socket->SetCloseCallbacks(MakeCallback(&ServerPeerClosed), MakeNullCallback<void, Ptr<Socket>>());
}

void Listen(Ptr<Node> server) {
  Ptr<Socket> listener = Socket::CreateSocket(server, TcpSocketFactory::GetTypeId());
  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), kPort));
  listener->Listen();
  listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(), MakeCallback(&ServerAccept));
}

// ---- clients of churn
void ClientRecv(Ptr<Socket> socket) {
  if (ReadAll(socket) >= kResponse) { // one segment carries the whole response
    completed++;
    socket->Close();
  }
}
void ClientConnected(Ptr<Socket> socket) { socket->Send(Create<Packet>(kRequest)); }
void ClientFailed(Ptr<Socket>) { failed++; }

Ptr<Socket> Connect(Net& net, uint32_t client) {
  Ptr<Socket> socket = Socket::CreateSocket(net.clients.Get(client), TcpSocketFactory::GetTypeId());
  socket->SetConnectCallback(MakeCallback(&ClientConnected), MakeCallback(&ClientFailed));
  socket->SetRecvCallback(MakeCallback(&ClientRecv));
  if (socket->Connect(InetSocketAddress(net.serverAddress[client], kPort)) != 0) {
    failed++;
  }
  return socket;
}

void ConnectNext(Net* net, uint64_t n, Time gap) {
  Connect(*net, n % net->clients.GetN());
  Simulator::Schedule(gap, &ConnectNext, net, n + 1, gap);
}

void Churn(double seconds, double rate, uint32_t clients) {
  Net net(clients, "100Gbps", "10.4ms");
  Listen(net.server);
  Simulator::Schedule(NanoSeconds(1), &ConnectNext, &net, uint64_t(0), Seconds(1.0 / rate));
  const double warm = 65; // the first TIME_WAITs have expired
  Simulator::Stop(Seconds(warm));
  Simulator::Run();
  uint64_t done = completed, sent = packets, events = Simulator::GetEventCount();
  double cpu = CpuSeconds();
  Simulator::Stop(Seconds(seconds));
  Simulator::Run();
  cpu = CpuSeconds() - cpu;
  done = completed - done;
  std::printf("RESULT churn conns/s %.1f packets/s %.0f events/s %.0f cpu %.2f conns %lu packets/conn %.2f failed %lu\n",
              done / cpu, (packets - sent) / cpu, (Simulator::GetEventCount() - events) / cpu, cpu,
              (unsigned long)done, (packets - sent) / double(done), (unsigned long)failed);
}

// ---- idle
void NothingConnected(Ptr<Socket>) { completed++; }
void ConnectIdle(Net* net, uint64_t n, uint64_t count, std::vector<Ptr<Socket>>* kept) {
  Ptr<Socket> socket = Socket::CreateSocket(net->clients.Get(n % net->clients.GetN()), TcpSocketFactory::GetTypeId());
  socket->SetConnectCallback(MakeCallback(&NothingConnected), MakeCallback(&ClientFailed));
  socket->Connect(InetSocketAddress(net->serverAddress[n % net->clients.GetN()], kPort));
  kept->push_back(socket);
  if (n + 1 < count) {
    Simulator::Schedule(MicroSeconds(500), &ConnectIdle, net, n + 1, count, kept);
  }
}

void Idle(uint64_t count) {
  Net net(kClients, "100Gbps", "10.4ms");
  Listen(net.server);
  std::vector<Ptr<Socket>> kept;
  kept.reserve(count);
  uint64_t before = ResidentBytes();
  double cpu = CpuSeconds();
  Simulator::Schedule(NanoSeconds(1), &ConnectIdle, &net, uint64_t(0), count, &kept);
  Simulator::Stop(Seconds(count * 0.0005 + 5));
  Simulator::Run();
  cpu = CpuSeconds() - cpu;
  std::printf("RESULT idle conns %lu bytes/endpoint %.0f handshakes/s %.0f cpu %.2f failed %lu\n",
              (unsigned long)completed, (ResidentBytes() - before) / (2.0 * completed), completed / cpu, cpu,
              (unsigned long)failed);
}

// ---- flood
void SendSyn(Ptr<Node> attacker, Ipv4Address victim, Ptr<Ipv4Route> route, uint64_t n, uint64_t count, Time gap) {
  Ipv4Address source(0x80000000u + uint32_t(n * 2654435761u >> 4));
  TcpHeader syn;
  syn.SetSourcePort(1024 + n % 60000);
  syn.SetDestinationPort(kPort);
  syn.SetSequenceNumber(SequenceNumber32(uint32_t(n * 40503u)));
  syn.SetFlags(TcpHeader::SYN);
  syn.SetWindowSize(512);
  Ptr<Packet> p = Create<Packet>();
  p->AddHeader(syn);
  attacker->GetObject<Ipv4L3Protocol>()->Send(p, source, victim, 6, route);
  if (n + 1 < count) {
    Simulator::Schedule(gap, &SendSyn, attacker, victim, route, n + 1, count, gap);
  }
}

void Flood(uint64_t count) {
  Net net(1, "100Gbps", "10.4ms");
  Listen(net.server);
  Ptr<Node> attacker = net.clients.Get(0);
  attacker->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
  Ptr<Ipv4Route> route = Create<Ipv4Route>();
  route->SetDestination(net.serverAddress[0]);
  route->SetGateway(net.serverAddress[0]);
  route->SetSource(attacker->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal());
  route->SetOutputDevice(attacker->GetObject<Ipv4>()->GetNetDevice(1));
  Time gap = MicroSeconds(10);
  Simulator::Schedule(NanoSeconds(1), &SendSyn, attacker, net.serverAddress[0], route, uint64_t(0), count, gap);
  double cpu = CpuSeconds();
  Simulator::Stop(gap * count + MilliSeconds(100));
  Simulator::Run();
  cpu = CpuSeconds() - cpu;
  std::printf("RESULT flood syns/s %.0f cpu %.2f syns %lu packets %lu\n", count / cpu, cpu, (unsigned long)count,
              (unsigned long)packets);
}

// ---- bulk
void Bulk(double seconds) {
  Net net(10, "10Gbps", "0.5ms");
  PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), kPort));
  sink.Install(net.server);
  for (uint32_t i = 0; i < net.clients.GetN(); i++) {
    BulkSendHelper bulk("ns3::TcpSocketFactory", InetSocketAddress(net.serverAddress[i], kPort));
    bulk.SetAttribute("SendSize", UintegerValue(1448 * 44));
    bulk.Install(net.clients.Get(i));
  }
  Simulator::Stop(Seconds(0.2));
  Simulator::Run();
  uint64_t sent = packets, events = Simulator::GetEventCount();
  double cpu = CpuSeconds();
  Simulator::Stop(Seconds(seconds));
  Simulator::Run();
  cpu = CpuSeconds() - cpu;
  std::printf("RESULT bulk packets/s %.0f events/s %.0f cpu %.2f packets %lu\n", (packets - sent) / cpu,
              (Simulator::GetEventCount() - events) / cpu, cpu, (unsigned long)(packets - sent));
}

} // namespace

int main(int argc, char** argv) {
  Config::SetDefault("ns3::TcpSocketBase::MaxSegLifetime", DoubleValue(30)); // TIME_WAIT is twice this
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 18));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 16));
  Config::SetDefault("ns3::ArpCache::PendingQueueSize", UintegerValue(1000));
  std::string mode = argc > 1 ? argv[1] : "";
  double x = argc > 2 ? std::atof(argv[2]) : 0;
  if (mode == "churn" && argc > 3) {
    Churn(x, std::atof(argv[3]), argc > 4 ? std::atoi(argv[4]) : kClients);
  } else if (mode == "idle" && x > 0) {
    Idle(uint64_t(x));
  } else if (mode == "flood" && x > 0) {
    Flood(uint64_t(x));
  } else if (mode == "bulk" && x > 0) {
    Bulk(x);
  } else {
    std::fprintf(stderr, "usage: driver churn SECONDS RATE | idle CONNECTIONS | flood SYNS | bulk SECONDS\n");
    return 2;
  }
  return 0;
}
