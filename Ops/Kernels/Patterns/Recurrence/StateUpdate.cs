using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>A recurrence over matrices: S = decay * S + key (x) (beta * (value - S^T key)), read by queries after every token. All in
/// float.</summary>
internal unsafe struct StateUpdate
{
    /// <summary>Sequences, and tokens of each.</summary>
    public int Batches, Tokens;

    /// <summary>Heads that have a state, and query heads that read one.</summary>
    public int Heads, Share;

    /// <summary>Rows and columns of a state.</summary>
    public int Rows, Columns;

    /// <summary>The factors of decay of a head: 0 for none, 1 for one, <see cref="Rows"/> for one of each row; logarithms.</summary>
    public int Decays;

    /// <summary>The write factors of a token: 0 for none (what is written is the value itself), 1 for all heads, or one of each
    /// head.</summary>
    public int Betas;

    /// <summary>The factor of the output.</summary>
    public float Scale;

    /// <summary>[B, L, heads * rows], [B, L, heads * rows] and [B, L, heads * columns].</summary>
    public float* Query, Key, Value;

    /// <summary>[B, L, heads * decays] and [B, L, betas].</summary>
    public float* Decay, Beta;

    /// <summary>[B, heads, rows, columns]: the state before the first token, which becomes the one after the last.</summary>
    public float* State;

    /// <summary>[B, L, query heads * columns].</summary>
    public float* Output;

    /// <summary>Runs all sequences.</summary>
    public readonly void Run()
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<float>>(); break;
            case IsaLevel.Bits256: Run<Simd256<float>>(); break;
            case IsaLevel.Bits128: Run<Simd128<float>>(); break;
            default: Run<Simd1<float>>(); break;
        }
    }

    private readonly void Run<V>()
        where V : struct, ISimd<V, float>
    {
        var body = new StateUpdateBody<V>(this);
        Workers.Run(checked(Batches * Heads * body.Blocks), ref body);
    }
}

/// <summary>
/// The columns of a state do not depend on one another: a block of them stays in the cache while all tokens pass over it, and every element
/// is summed over the rows in ascending order, whatever the number of threads.
/// </summary>
internal readonly unsafe struct StateUpdateBody<V>(StateUpdate call) : IParallelBody
    where V : struct, ISimd<V, float>
{
    /// <summary>Vectors of a block: as many sums are in flight as hide the latency of an addition.</summary>
    private const int Vectors = 4;

    private static int Width => Vectors * V.Count;

    /// <summary>How many blocks the columns of a state make.</summary>
    public int Blocks => Math.Max(1, (call.Columns + Width - 1) / Width);

    public void Run(int part)
    {
        int block = part % Blocks, head = part / Blocks % call.Heads, batch = part / Blocks / call.Heads;
        int first = block * Width, columns = Math.Min(Width, call.Columns - first);
        if (columns <= 0) return;
        float* state = call.State + ((((long)batch * call.Heads) + head) * call.Rows * call.Columns) + first;
        using var scratch = Scratch.Rent((((long)call.Rows * Width) + call.Rows + (2 * Width)) * sizeof(float));
        float* own = (float*)scratch.Data, factors = own + ((long)call.Rows * Width), value = factors + call.Rows, output = value + Width;
        new Span<float>(own, call.Rows * Width).Clear();
        Copy(state, call.Columns, own, Width, columns);
        for (int t = 0; t < call.Tokens; t++)
        {
            long token = ((long)batch * call.Tokens) + t;
            float* key = call.Key + (((token * call.Heads) + head) * call.Rows);
            new Span<float>(value, Width).Clear();
            float* given = call.Value + (((token * call.Heads) + head) * call.Columns) + first;
            new ReadOnlySpan<float>(given, columns).CopyTo(new Span<float>(value, columns));
            float* decay = Decay(token, head, factors);
            float beta = call.Betas == 0 ? 0 : call.Beta[call.Betas == 1 ? token : (token * call.Heads) + head];
            for (int share = 0; share < call.Share; share++)
            {
                int reader = (head * call.Share) + share;
                float* query = call.Query + (((token * call.Heads * call.Share) + reader) * call.Rows);
                if (share == 0) Step(own, key, value, decay, beta, query, output);
                else Read(own, query, output);
                float* wanted = call.Output + (((token * call.Heads * call.Share) + reader) * call.Columns) + first;
                new ReadOnlySpan<float>(output, columns).CopyTo(new Span<float>(wanted, columns));
            }
        }

        Copy(own, Width, state, call.Columns, columns);
    }

    /// <summary>The factors of a token's decay, one of each row; null when there is none.</summary>
    private float* Decay(long token, int head, float* factors)
    {
        if (call.Decays == 0) return null;
        float* logarithms = call.Decay + (((token * call.Heads) + head) * call.Decays);
        if (call.Decays == 1)
        {
            new Span<float>(factors, call.Rows).Fill(Exp(logarithms[0]));
            return factors;
        }

        int i = 0;
        for (; i <= call.Rows - V.Count; i += V.Count) V.Store(V.Exp(V.Load(logarithms + i)), factors + i);
        for (; i < call.Rows; i++) factors[i] = Exp(logarithms[i]);
        return factors;
    }

    private static float Exp(float value)
    {
        V result = V.Exp(V.Create(value));
        float* one = stackalloc float[V.Count];
        V.Store(result, one);
        return one[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(float* state, float* key, float* value, float* decay, float beta, float* query, float* output)
    {
        V w0 = V.Load(value), w1 = V.Load(value + V.Count), w2 = V.Load(value + (2 * V.Count)), w3 = V.Load(value + (3 * V.Count));
        if (call.Betas > 0)
        {
            V h0 = V.Zero, h1 = V.Zero, h2 = V.Zero, h3 = V.Zero;
            float* row = state;
            for (int i = 0; i < call.Rows; i++, row += Width)
            {
                V k = V.Create(decay == null ? key[i] : key[i] * decay[i]);
                h0 = V.FusedMultiplyAdd(V.Load(row), k, h0);
                h1 = V.FusedMultiplyAdd(V.Load(row + V.Count), k, h1);
                h2 = V.FusedMultiplyAdd(V.Load(row + (2 * V.Count)), k, h2);
                h3 = V.FusedMultiplyAdd(V.Load(row + (3 * V.Count)), k, h3);
            }

            V b = V.Create(beta);
            (w0, w1, w2, w3) = ((w0 - h0) * b, (w1 - h1) * b, (w2 - h2) * b, (w3 - h3) * b);
        }

        V o0 = V.Zero, o1 = V.Zero, o2 = V.Zero, o3 = V.Zero;
        float* at = state;
        for (int i = 0; i < call.Rows; i++, at += Width)
        {
            V k = V.Create(key[i]), q = V.Create(query[i]);
            V s0 = V.Load(at), s1 = V.Load(at + V.Count), s2 = V.Load(at + (2 * V.Count)), s3 = V.Load(at + (3 * V.Count));
            if (decay != null)
            {
                V d = V.Create(decay[i]);
                (s0, s1, s2, s3) = (s0 * d, s1 * d, s2 * d, s3 * d);
            }

            s0 = V.FusedMultiplyAdd(k, w0, s0);
            s1 = V.FusedMultiplyAdd(k, w1, s1);
            s2 = V.FusedMultiplyAdd(k, w2, s2);
            s3 = V.FusedMultiplyAdd(k, w3, s3);
            V.Store(s0, at);
            V.Store(s1, at + V.Count);
            V.Store(s2, at + (2 * V.Count));
            V.Store(s3, at + (3 * V.Count));
            o0 = V.FusedMultiplyAdd(s0, q, o0);
            o1 = V.FusedMultiplyAdd(s1, q, o1);
            o2 = V.FusedMultiplyAdd(s2, q, o2);
            o3 = V.FusedMultiplyAdd(s3, q, o3);
        }

        Write(output, o0, o1, o2, o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(float* state, float* query, float* output)
    {
        V o0 = V.Zero, o1 = V.Zero, o2 = V.Zero, o3 = V.Zero;
        for (int i = 0; i < call.Rows; i++, state += Width)
        {
            V q = V.Create(query[i]);
            o0 = V.FusedMultiplyAdd(V.Load(state), q, o0);
            o1 = V.FusedMultiplyAdd(V.Load(state + V.Count), q, o1);
            o2 = V.FusedMultiplyAdd(V.Load(state + (2 * V.Count)), q, o2);
            o3 = V.FusedMultiplyAdd(V.Load(state + (3 * V.Count)), q, o3);
        }

        Write(output, o0, o1, o2, o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(float* output, V o0, V o1, V o2, V o3)
    {
        V scale = V.Create(call.Scale);
        V.Store(o0 * scale, output);
        V.Store(o1 * scale, output + V.Count);
        V.Store(o2 * scale, output + (2 * V.Count));
        V.Store(o3 * scale, output + (3 * V.Count));
    }

    private void Copy(float* source, int sourceStride, float* target, int targetStride, int columns)
    {
        for (int row = 0; row < call.Rows; row++)
        {
            var own = new ReadOnlySpan<float>(source + ((long)row * sourceStride), columns);
            own.CopyTo(new Span<float>(target + ((long)row * targetStride), columns));
        }
    }
}
