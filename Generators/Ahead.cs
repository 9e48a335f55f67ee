using System.Runtime.CompilerServices;
using Ops.Specs.Binding;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Microsoft.CodeAnalysis;

namespace Ops.Generators;

/// <summary>
/// The compiler runs the steps of a generator one by one. What one file needs does not depend on the others, so it is begun on another
/// thread where its input becomes known, and waited for in the step that needs it.
/// </summary>
/// <typeparam name="T">What comes out.</typeparam>
internal sealed class Ahead<T>
{
    private readonly Func<CancellationToken, T> work;
    private readonly Task<T> task;

    /// <summary>Begins.</summary>
    public Ahead(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        this.work = work;
        task = Task.Run(() => work(cancellation), cancellation);
    }

    /// <summary>What came out.</summary>
    /// <exception cref="OperationCanceledException">This run was stopped.</exception>
    public T Result(CancellationToken cancellation)
    {
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The run that began it was stopped, and this one was not.
            return work(cancellation);
        }
    }
}

/// <summary>Binds files and writes their classes ahead.</summary>
internal static class AheadOfBinding
{
    private static readonly ConditionalWeakTable<SpecSyntax, Binding> Begun = new();
    private static readonly ConditionalWeakTable<OpFamily, EmittedOp> Written = new();

    /// <summary>Begins to parse a file, and to find what the steps ask of it that need no other file.</summary>
    public static Ahead<SpecSyntax> Parse(AdditionalText file, CancellationToken cancellation) => new(c =>
    {
        SpecSyntax spec = SpecFiles.Parse(file, c);
        SpecFrontEnd.References(spec);
        SpecFrontEnd.Signature(spec);
        return spec;
    }, cancellation);

    /// <summary>Begins to bind a file, unless that was done for the same slice before.</summary>
    public static void Begin(SpecSyntax file, SpecSlice slice, CancellationToken cancellation)
    {
        if (Begun.TryGetValue(file, out Binding? known) && known.Slice.Equals(slice))
            return;
        Begun.Remove(file);
        Begun.GetValue(file, f => new Binding(slice, new Ahead<BoundSpec>(c => BindAndWrite(f, slice, c), cancellation)));
    }

    /// <summary>A bound file.</summary>
    public static BoundSpec Bind(SpecSyntax file, SpecSlice slice, CancellationToken cancellation) =>
        Begun.TryGetValue(file, out Binding? known) && known.Slice.Equals(slice)
            ? known.Bound.Result(cancellation) : BindAndWrite(file, slice, cancellation);

    /// <summary>The class of an op.</summary>
    public static EmittedOp Emit(OpFamily family) => Written.GetValue(family, EmittedOp.Create);

    private static BoundSpec BindAndWrite(SpecSyntax file, SpecSlice slice, CancellationToken cancellation)
    {
        BoundSpec bound = SpecFrontEnd.Declare(file, slice, cancellation);
        if (bound.Family is { } family)
            Emit(family);
        return bound;
    }

    private sealed record Binding(SpecSlice Slice, Ahead<BoundSpec> Bound);
}
