using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Ops.Threading;

/// <summary>A pool of threads that lives as long as the process and runs the parts of one body at a time.</summary>
/// <remarks>
/// The caller takes part. Calls from inside a part, and calls while another thread uses the pool, run on the caller's thread alone.
/// Which thread runs a part is unspecified: a body's results must depend on the part's number only.
/// </remarks>
public static unsafe class Workers
{
    /// <summary>The environment variable that sets the number of threads.</summary>
    public const string Variable = "OPSPEC_THREADS";

    private const int MaxCount = 1024;

    /// <summary>How often a thread without work looks for some before it sleeps; some 20 microseconds.</summary>
    private const int IdleSpins = 200;

    private static readonly Lock s_gate = new();
    private static readonly SemaphoreSlim s_wake = new(0);
    private static readonly ManualResetEventSlim s_done = new(false, 0);

    private static int s_count = Parse(Environment.GetEnvironmentVariable(Variable));
    private static int s_threads;
    private static int s_sleeping;

    // The job. A part is claimed by counting the low half of the ticket down; the high half numbers the jobs, so that a late thread
    // cannot claim a part of a job it has not seen. The other fields are read only by who holds a part, which keeps the job alive.
    private static long s_ticket;
    private static delegate*<void*, int, void> s_entry;
    private static void* s_body;
    private static int s_parts;
    private static int s_finished;
    private static ExceptionDispatchInfo? s_failure;

    [ThreadStatic]
    private static bool t_inside;

    /// <summary>How many threads work, the caller's included: OPSPEC_THREADS, or else the number of processors.</summary>
    public static int Count => s_count;

    /// <summary>Whether a call of <see cref="Run"/> on this thread would run alone because the thread is running a part.</summary>
    public static bool IsInside => t_inside;

    /// <summary>Runs parts 0 to <paramref name="parts"/> - 1 and returns when all have ended.</summary>
    /// <param name="parts">How many parts; with 0 nothing happens.</param>
    /// <param name="body">A local variable of the caller (its address must not move). All threads share it.</param>
    /// <remarks>
    /// If parts throw, the exception that came first is thrown here after all parts have ended; parts not yet begun are skipped.
    /// </remarks>
    public static void Run<TBody>(int parts, scoped ref TBody body)
        where TBody : struct, IParallelBody
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        if (parts > 1 && s_count > 1 && !t_inside && s_gate.TryEnter())
        {
            try
            {
                RunShared(parts, &Entry<TBody>, Unsafe.AsPointer(ref body));
            }
            finally
            {
                s_gate.Exit();
            }
        }
        else
        {
            for (int part = 0; part < parts; part++) body.Run(part);
        }
    }

    /// <summary>Sets the number of threads of the whole process until the result is disposed; for tests.</summary>
    internal static Forced Force(int count)
    {
        var forced = new Forced(s_count);
        s_count = Math.Clamp(count, 1, MaxCount);
        return forced;
    }

    internal static int Parse(string? text) =>
        int.TryParse(text, out int count) && count > 0 ? Math.Min(count, MaxCount) : Environment.ProcessorCount;

    private static void Entry<TBody>(void* body, int part)
        where TBody : struct, IParallelBody => Unsafe.AsRef<TBody>(body).Run(part);

    private static void RunShared(int parts, delegate*<void*, int, void> entry, void* body)
    {
        int helpers = Math.Min(s_count, parts) - 1;
        while (s_threads < helpers) Start();

        s_entry = entry;
        s_body = body;
        s_parts = parts;
        s_finished = 0;
        s_failure = null;
        s_done.Reset();
        Volatile.Write(ref s_ticket, (((s_ticket >> 32) + 1) << 32) | (uint)parts);

        // The fence orders the ticket before the count of sleepers; a thread that goes to sleep counts itself before it looks again.
        Interlocked.MemoryBarrier();
        int asleep = Math.Min(Volatile.Read(ref s_sleeping), helpers);
        if (asleep > 0) s_wake.Release(asleep);

        t_inside = true;
        Work();
        t_inside = false;

        if (Volatile.Read(ref s_finished) != parts)
        {
            var spinner = new SpinWait();
            while (Volatile.Read(ref s_finished) != parts && !spinner.NextSpinWillYield) spinner.SpinOnce();

            // The signal may be the last job's, come late: after the reset the count tells.
            while (Volatile.Read(ref s_finished) != parts)
            {
                s_done.Wait();
                s_done.Reset();
            }
        }

        ExceptionDispatchInfo? failure = s_failure;
        s_failure = null;
        failure?.Throw();
    }

    /// <summary>Takes parts until none is left.</summary>
    private static void Work()
    {
        while (TryClaim(out int part))
        {
            int parts = s_parts;
            try
            {
                if (Volatile.Read(ref s_failure) is null) s_entry(s_body, part);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref s_failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            if (Interlocked.Increment(ref s_finished) == parts) s_done.Set();
        }
    }

    private static bool TryClaim(out int part)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref s_ticket);
            int left = (int)(uint)ticket;
            if (left == 0)
            {
                part = -1;
                return false;
            }

            if (Interlocked.CompareExchange(ref s_ticket, ticket - 1, ticket) == ticket)
            {
                part = s_parts - left;
                return true;
            }
        }
    }

    private static void Start()
    {
        s_threads++;
        new Thread(Loop) { IsBackground = true, Name = $"{nameof(Ops)} worker {s_threads}" }.Start(s_threads);
    }

    private static void Loop(object? argument)
    {
        int number = (int)argument!;
        t_inside = true;
        while (true)
        {
            for (int spin = 0; spin < IdleSpins; spin++)
            {
                // A thread beyond the present count stays out; the parts it leaves are the others'.
                if ((int)(uint)Volatile.Read(ref s_ticket) != 0 && number < s_count) Work();
                Thread.SpinWait(8);
            }

            Interlocked.Increment(ref s_sleeping);
            if ((int)(uint)Volatile.Read(ref s_ticket) == 0 || number >= s_count) s_wake.Wait();
            Interlocked.Decrement(ref s_sleeping);
        }
    }

    /// <summary>Gives the earlier count back when disposed.</summary>
    internal readonly struct Forced(int before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => s_count = before;
    }
}
