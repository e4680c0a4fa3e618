package org.histods.mirror;

/** Processes that have ended. */
final class DeadProcess {

    private static final OwnerProcess SELF = OwnerProcess.self("test");

    /** One of this host, as everybody here can see. */
    static final OwnerProcess HERE =
            new OwnerProcess(SELF.host(), Long.MAX_VALUE, "long ago", "histods pull", SELF.space());

    /** One of another host. */
    static final OwnerProcess ELSEWHERE =
            new OwnerProcess("elsewhere", Long.MAX_VALUE, "long ago", "histods pull", SELF.space());

    /** One of a container on a host of the same name. */
    static final OwnerProcess IN_A_CONTAINER =
            new OwnerProcess(SELF.host(), Long.MAX_VALUE, "long ago", "histods pull", SELF.space() + "1");

    private DeadProcess() {}
}
