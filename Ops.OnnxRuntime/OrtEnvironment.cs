namespace Ops.OnnxRuntime;

/// <summary>What all sessions share; it lives as long as the process.</summary>
internal sealed unsafe class OrtEnvironment
{
    /// <summary>Only what ends the process is logged; every other error is an exception.</summary>
    private const int FatalOnly = 4;

    private const int ArenaAllocator = 1, DefaultMemory = 0;

    private static readonly Lazy<OrtEnvironment> Instance = new(() => new OrtEnvironment());

    private OrtEnvironment()
    {
        OrtApi api = OrtLibrary.Api;
        void* made;
        fixed (byte* name = "Ops\0"u8)
            api.Check(api.CreateEnv(FatalOnly, name, &made), "environment");
        Environment = made;
        api.Check(api.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &made), "environment");
        Memory = made;
        api.Check(api.GetAllocatorWithDefaultOptions(&made), "environment");
        Allocator = made;
    }

    /// <summary>The environment.</summary>
    /// <exception cref="Specs.OpException">There is no library.</exception>
    public static OrtEnvironment Shared => Instance.Value;

    /// <summary>The environment's handle.</summary>
    public void* Environment { get; }

    /// <summary>The description of the processor's memory.</summary>
    public void* Memory { get; }

    /// <summary>The allocator of what the library hands out.</summary>
    public void* Allocator { get; }
}
